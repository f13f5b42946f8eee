"""Prints a workbook as JSON, as openpyxl reads it: read_workbook.py FILE."""

import datetime
import json
import sys

import openpyxl
from openpyxl.utils.escape import unescape


def value_of(value):
    if isinstance(value, bool):
        return ["bool", "true" if value else "false"]
    if isinstance(value, (int, float)):
        return ["number", repr(float(value))]
    if isinstance(value, (datetime.datetime, datetime.date)):
        return ["date", value.isoformat()]
    return ["text", unescape(value)]


def cells_of(sheet, values):
    cells = {}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            is_formula = cell.data_type == "f"
            kind, text = value_of(values[cell.coordinate].value if is_formula else cell.value)
            cells[cell.coordinate] = {
                "kind": kind,
                "value": text,
                "format": cell.number_format,
                "formula": cell.value if is_formula else None,
                "isBold": bool(cell.font.b),
                "alignment": cell.alignment.horizontal,
            }
    return cells


def points_of(cache):
    return [point.v for point in cache.pt] if cache is not None else []


def chart_of(chart):
    def axis(source):
        if source is None:
            return None
        reference = source.numRef or source.strRef
        cache = reference.numCache if source.numRef else reference.strCache
        return {"range": reference.f, "points": [str(point) for point in points_of(cache)]}

    return {
        "type": type(chart).__name__,
        "title": "".join(run.t for part in chart.title.tx.rich.p for run in part.r or []) if chart.title else None,
        "series": [
            {
                "name": series.tx.strRef.f,
                "nameText": "".join(points_of(series.tx.strRef.strCache)),
                "x": axis(series.cat),
                "y": axis(series.val),
            }
            for series in chart.series
        ],
    }


def sheet_of(sheet, values):
    return {
        "name": sheet.title,
        "cells": cells_of(sheet, values),
        "levels": {str(row): each.outlineLevel for row, each in sheet.row_dimensions.items() if each.outlineLevel},
        "isSummaryBelow": sheet.sheet_properties.outlinePr is None or sheet.sheet_properties.outlinePr.summaryBelow,
        "frozen": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "printTitles": sheet.print_title_rows,
        "paper": int(sheet.page_setup.paperSize or 0),
        "orientation": sheet.page_setup.orientation,
        "fit": [int(sheet.page_setup.fitToWidth or 1), int(sheet.page_setup.fitToHeight or 0)]
        if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage
        else None,
        "header": sheet.oddHeader.left.text,
        "footer": [sheet.oddFooter.left.text, sheet.oddFooter.right.text],
        "widths": {name: each.width for name, each in sheet.column_dimensions.items()},
        "charts": [chart_of(chart) for chart in sheet._charts],
    }


def main():
    book = openpyxl.load_workbook(sys.argv[1])
    values = openpyxl.load_workbook(sys.argv[1], data_only=True)
    properties = book.properties
    json.dump(
        {
            "sheets": [sheet_of(sheet, values[sheet.title]) for sheet in book.worksheets],
            "properties": {
                "title": properties.title,
                "subject": properties.subject,
                "author": properties.creator,
                "keywords": properties.keywords,
                "comments": properties.description,
                "created": properties.created.isoformat(),
            },
        },
        sys.stdout,
    )


main()
