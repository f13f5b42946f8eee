#!/usr/bin/env python3
"""Publish: reads the months from the warehouse's history, computes their changes, and writes them to MongoDB.

All of it is read in one transaction: a report on a day that goes on meanwhile is in it as a whole or not at all.
"""

from datetime import datetime, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pymysql
from report_stage import results, stage
from report_stage.table import print_table
from report_stage.warehouse import connect_to_warehouse

SERIES = Path(__file__).resolve().with_name("series.sql")
NO_SUCH_TABLE = 1146
CENT, PLACES = Decimal("0.01"), Decimal("0.0001")
TYPES = {
    "month": "month",
    "days": "integer",
    "good": "integer",
    "goodChange": "decimal",
    "scrap": "integer",
    "oee": "decimal",
    "oeeChange": "decimal",
    "failures": "integer",
    "operatingDays": "integer",
    "mttfDays": "decimal",
    "mttfChange": "decimal",
}
TOTALS = """
SELECT (SELECT SUM(good) FROM production_of_day WHERE day >= %(first)s AND day < %(end)s),
       (SELECT SUM(scrap) FROM production_of_day WHERE day >= %(first)s AND day < %(end)s),
       (SELECT SUM(failures) FROM failure_rate_of_month
        WHERE month >= %(first)s AND month < %(end)s AND months = %(window)s)
"""
LATEST = """
SELECT UNIX_TIMESTAMP(GREATEST(
    COALESCE((SELECT MAX(kept_at) FROM production_day WHERE day >= %(first)s AND day < %(end)s), FROM_UNIXTIME(1)),
    COALESCE((SELECT MAX(kept_at) FROM failure_month WHERE month >= %(first)s AND month < %(end)s
              AND months = %(window)s), FROM_UNIXTIME(1))))
"""


def read(asked: dict) -> tuple[list[dict], datetime]:
    """The months, and when the latest of what they are made of was found."""
    warehouse = connect_to_warehouse()
    try:
        warehouse.begin()
        with warehouse.cursor(pymysql.cursors.DictCursor) as cursor:
            cursor.execute(SERIES.read_text(encoding="utf-8"), asked)
            months = list(cursor.fetchall())
        with warehouse.cursor() as cursor:
            cursor.execute(TOTALS, asked)
            totals = cursor.fetchone()
            cursor.execute(LATEST, asked)
            (latest,) = cursor.fetchone()
    except pymysql.err.ProgrammingError as error:
        if error.args[0] != NO_SUCH_TABLE:
            raise
        stage.fail(stage.NO_INPUT, "there is no history: daily-production and mean-time-to-failure have to run first")
    warehouse.close()
    for name, total in zip(("good", "scrap", "failures"), totals):
        total_of_months = sum(month[name] or 0 for month in months)
        if total_of_months != (total or 0):
            stage.fail(stage.BAD_DATA, f"{name} of all months is {total_of_months}, but the history has {total or 0}")
    return months, datetime.fromtimestamp(float(latest), timezone.utc)


def quotient(part: int | None, whole: int | None, places: Decimal) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(places, ROUND_HALF_UP)


def relative_change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    if after is None or not before:
        return None
    return ((Decimal(after) - before) / before).quantize(PLACES, ROUND_HALF_UP)


def series(months: list[dict]) -> list[list]:
    """The published rows. No change is told where a month isn't whole: it would be one of the days kept."""
    rows = []
    before: dict = {}
    for line in months:
        # MariaDB's sums are decimals.
        line = {name: int(value) if isinstance(value, Decimal) else value for name, value in line.items()}
        line["oee"] = quotient(line["good_seconds"], 60 * (line["planned_minutes"] or 0), PLACES)
        line["mttf"] = quotient(line["operating_days"], line["failures"], CENT)
        is_whole = bool(line["is_whole"] and before.get("is_whole"))
        rows.append(
            [
                line["month"],
                line["days"],
                line["good"],
                relative_change(before["good"], line["good"]) if is_whole else None,
                line["scrap"],
                line["oee"],
                line["oee"] - before["oee"] if is_whole and None not in (line["oee"], before["oee"]) else None,
                line["failures"],
                line["operating_days"],
                line["mttf"],
                relative_change(before.get("mttf"), line["mttf"]),
            ]
        )
        before = line
    return rows


def percent(value: Decimal | None, sign: str = "") -> str:
    return "-" if value is None else f"{100 * value:{sign}.1f} %"


def number(value: object) -> str:
    return "-" if value is None else f"{value:,}"


def main() -> None:
    period = stage.asked_period()
    count = stage.asked_integer("MONTHS", 2, 120)
    asked = {
        "first": stage.first_day_after(period, 1 - count),
        "end": stage.first_day_after(period),
        "window": stage.asked_integer("WINDOW", 1, 120),
    }
    months, as_of = read(asked)
    if all(month["days"] == 0 and month["failures"] is None for month in months):
        stage.fail(stage.NO_INPUT, f"the history has nothing of {asked['first']:%Y-%m} to {period}")
    rows = series(months)

    print(f"Trend of the plant, {count} months until {period}\n")
    heading = ("Month", "Days", "Good", "Change", "Scrap", "OEE", "Change", "Failures", "MTTF", "Change")

    def cells(row: list) -> tuple[str, ...]:
        month, days, good, good_change, scrap, oee, oee_change, failures, _, mttf, mttf_change = row
        made = (number(good), percent(good_change, "+"), number(scrap), percent(oee), percent(oee_change, "+"))
        return (f"{month:%Y-%m}", str(days), *made, number(failures), number(mttf), percent(mttf_change, "+"))

    total = ("Total", str(sum(row[1] for row in rows)), number(sum(row[2] or 0 for row in rows)), "")
    print_table(heading, map(cells, rows), (*total, number(sum(row[4] or 0 for row in rows)), "", "", "", "", ""))
    results.publish(TYPES, rows, as_of=as_of)


if __name__ == "__main__":
    stage.run(main)
