#!/usr/bin/env python3
"""Extract: loads the work orders of five excavators into the warehouse's staging area.

The file is as its authors published it (Hodkiewicz and Ho, 2016), in groups of one component each: a system, such as
the bucket, of one excavator. A component's first work order has no running time, and so one begins; the systems
follow one another, each with its excavators in alphabetical order.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from report_stage import stage

import area

INSERT = """
INSERT INTO work_order (number, excavator, component, system, date, text, suspension)
VALUES (%(number)s, %(excavator)s, %(component)s, %(system)s, %(date)s, %(text)s, %(suspension)s)
"""
UNKNOWN = "NA"
# A column that may be torn, and the next one that can be told by its form.
TORN = (("OriginalShorttext", "PMType", r"PM\d\d"), ("FuncLocation", "SuspSugg", "[01]|NA"))


def rows(path: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row by its line number. A comma in a text without quotes has torn two of them: they are mended."""
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        names = next(reader)
        for fields in reader:
            for torn, following, form in TORN:
                place = names.index(torn)
                if not re.fullmatch(form, fields[names.index(following)]):
                    fields[place : place + 2] = [",".join(fields[place : place + 2])]
                    print(f"extract: line {reader.line_num}: put together: {fields[place]!r}")
            yield reader.line_num, dict(zip(names, fields))


def components(path: str) -> Iterator[list[tuple[int, dict[str, str]]]]:
    group: list[tuple[int, dict[str, str]]] = []
    for number, row in rows(path):
        if row["RunningTime"] == UNKNOWN and group:
            yield group
            group = []
        group.append((number, row))
    if group:
        yield group


def systems(path: str) -> Iterator[list[list[tuple[int, dict[str, str]]]]]:
    """The components of one system of all excavators, one after the other."""
    system: list[list[tuple[int, dict[str, str]]]] = []
    for component in components(path):
        if system and component[0][1]["Asset"] <= system[-1][0][1]["Asset"]:
            yield system
            system = []
        system.append(component)
    if system:
        yield system


def name_of(system: list[list[tuple[int, dict[str, str]]]]) -> str:
    """What most of its work orders name, as a system or as a part of one."""
    named = Counter(
        word
        for component in system
        for _, row in component
        for column in ("MajorSystem", "Part")
        for word in row[column].split("_")
        if word != UNKNOWN
    )
    # Of two that are equally frequent always the same one.
    return min(named, key=lambda word: (-named[word], word))


def moved(text: str, years: int) -> date:
    day = date.fromisoformat(text)
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        stage.fail(stage.BAD_REQUEST, f"{day} has no counterpart {years} years later: move by a multiple of 4 years")


def orders(years: int) -> Iterator[dict]:
    number_of_component = 0
    for system in systems(str(stage.DATA / "excavators-cleaned.csv")):
        name = name_of(system)
        for component in system:
            number_of_component += 1
            for number, row in component:
                yield {
                    "number": number,
                    "excavator": row["Asset"],
                    "component": number_of_component,
                    "system": name,
                    "date": moved(row["BscStartDate"], years),
                    "text": row["OriginalShorttext"],
                    # The authors' judgement: 0 is a failure, 1 a suspension (changed before it failed); accidents and
                    # bookings have none, and neither says anything of what the component endures.
                    "suspension": row["SuspSugg"] != "0",
                }


def main() -> None:
    period, begin, end = area.window()
    years = stage.asked_integer("YEARS", 0, 100)
    lines = list(orders(years))
    first, last = min(line["date"] for line in lines), max(line["date"] for line in lines)
    if end <= first or begin > last:
        stage.fail(stage.BAD_REQUEST, f"period {period} lies outside the work orders, which are of {first} to {last}")
    area.STAGING.load(period, (INSERT, lines))
    print(f"extract: {len(lines)} work orders of {lines[-1]['component']} components staged, {first} to {last}")


if __name__ == "__main__":
    stage.run(main)
