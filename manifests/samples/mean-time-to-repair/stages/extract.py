#!/usr/bin/env python3
"""Extract: loads the breakdowns whose repair was completed in the month into the warehouse's staging area.

Of one machine alone, where one is asked for. A repair belongs to the month in which the machine runs again, so each is in one report, with all of its time.
"""

import csv
import os
from collections.abc import Iterator
from datetime import datetime

from report_stage import stage

import area

INSERT = """
INSERT INTO breakdown (number, line, machine, stopped_at, repair_began, running_again, cause)
VALUES (%(number)s, %(line)s, %(machine)s, %(stopped_at)s, %(repair_began)s, %(running_again)s, %(cause)s)
"""
TIMES = ("stopped_at", "repair_began", "running_again")


def breakdowns() -> Iterator[dict]:
    with (stage.DATA / "stops.csv").open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if row["kind"] == "breakdown":
                times = {name: datetime.fromisoformat(row[name]) for name in TIMES}
                yield {**row, **times, "number": reader.line_num}


def main() -> None:
    period = stage.asked_period()
    repairs = list(breakdowns())
    months = [f"{repair['running_again']:%Y-%m}" for repair in repairs]
    if not min(months) <= period <= max(months):
        stage.fail(
            stage.BAD_REQUEST, f"period {period} lies outside the stops, that are of {min(months)} to {max(months)}"
        )
    wanted = [repair for repair, month in zip(repairs, months) if month == period]
    if machine := os.environ.get("REPORT_PARAM_MACHINE"):
        if machine not in {repair["machine"] for repair in repairs}:
            stage.fail(stage.BAD_REQUEST, f"machine {machine!r} has never been repaired")
        wanted = [repair for repair in wanted if repair["machine"] == machine]
    area.STAGING.load(period, (INSERT, wanted))
    print(f"extract: {len(wanted)} of {len(repairs)} breakdowns were repaired in {period}")


if __name__ == "__main__":
    stage.run(main)
