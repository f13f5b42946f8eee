#!/usr/bin/env python3
"""Extract: loads what each shift of a production day made, and the stops that reach into that day.

A production day begins with the early shift; the night shift that begins on it belongs to it, and ends the next day.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime

from report_stage import stage

import area

INSERT_SHIFT = """
INSERT INTO line_shift
VALUES (%(line)s, %(shift)s, %(starts)s, %(ends)s, %(break_starts)s, %(break_ends)s, %(cycle_seconds)s, %(target)s,
        %(good)s, %(scrap)s)
"""
INSERT_STOP = "INSERT INTO line_stop VALUES (%(number)s, %(line)s, %(kind)s, %(stopped_at)s, %(running_again)s)"
SHIFT_TIMES = ("starts", "ends", "break_starts", "break_ends")
STOP_TIMES = ("stopped_at", "running_again")


def read(name: str, times: tuple[str, ...]) -> Iterator[dict]:
    with (stage.DATA / name).open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield {**row, **{name: datetime.fromisoformat(row[name]) for name in times}, "number": reader.line_num}


def main() -> None:
    day = stage.asked_date()
    all_shifts = list(read("shifts.csv", SHIFT_TIMES))
    days = [date.fromisoformat(shift["day"]) for shift in all_shifts]
    if not min(days) <= day <= max(days):
        stage.fail(stage.BAD_REQUEST, f"{day} lies outside the shifts, that are of {min(days)} to {max(days)}")
    # None on a Sunday: then the report is empty, and that is right.
    shifts = [shift for shift, its_day in zip(all_shifts, days) if its_day == day]
    begin = min((shift["starts"] for shift in shifts), default=datetime.max)
    end = max((shift["ends"] for shift in shifts), default=datetime.min)
    stops = [s for s in read("stops.csv", STOP_TIMES) if s["stopped_at"] < end and s["running_again"] > begin]
    area.STAGING.load(str(day), (INSERT_SHIFT, shifts), (INSERT_STOP, stops))
    print(f"extract: {day}: {len(shifts)} shifts and {len(stops)} stops")


if __name__ == "__main__":
    stage.run(main)
