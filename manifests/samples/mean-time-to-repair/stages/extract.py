#!/usr/bin/env python3
"""Extract: loads the breakdowns whose repair was completed in the month into the warehouse's staging area.

They are those of stops.csv, or, where PLANT_DSN names the plant's own database, what its machines have written there
(../../plant-exporter/stages/plant.sql). Of one machine alone, where one is asked for. A repair belongs to the month in
which the machine runs again, so each is in one report, with all of its time. Where TICKETS_URL names a system of tickets, those that
are open now come along.
"""

import csv
import os
from collections.abc import Iterator
from datetime import datetime

from report_stage import stage
from report_stage.warehouse import connect

import area
import tickets

INSERT = """
INSERT INTO breakdown (number, line, machine, stopped_at, repair_began, running_again, cause)
VALUES (%(number)s, %(line)s, %(machine)s, %(stopped_at)s, %(repair_began)s, %(running_again)s, %(cause)s)
"""
INSERT_TICKETS = "INSERT INTO open_ticket (machine, line, tickets) VALUES (%(machine)s, %(line)s, %(tickets)s)"
TIMES = ("stopped_at", "repair_began", "running_again")
# Stops that go on have no repair yet.
WRITTEN_DOWN = """
SELECT number, line, machine, stopped_at, repair_began, running_again, cause FROM machine_stop
WHERE kind = 'breakdown' AND machine <> '' AND repair_began IS NOT NULL AND running_again <= NOW() ORDER BY number
"""


def of_the_plant() -> tuple[list[dict], datetime]:
    """What its machines have written, and the time by the plant's clock."""
    plant = connect("PLANT_DSN")
    with plant.cursor() as cursor:
        cursor.execute(WRITTEN_DOWN)
        names = [column[0] for column in cursor.description]
        repairs = [dict(zip(names, row)) for row in cursor.fetchall()]
        cursor.execute("SELECT NOW()")
        (now,) = cursor.fetchone()
    plant.close()
    return repairs, now


def of_the_file() -> Iterator[dict]:
    with (stage.DATA / "stops.csv").open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if row["kind"] == "breakdown":
                times = {name: datetime.fromisoformat(row[name]) for name in TIMES}
                yield {**row, **times, "number": reader.line_num}


def open_tickets(lines: dict[str, str]) -> list[dict]:
    """Of the machines of these lines: others are none of this report's."""
    found = tickets.count_by_machine() if tickets.are_asked_for() else {}
    return [
        {"machine": machine, "line": lines[machine], "tickets": count}
        for machine, count in sorted(found.items())
        if machine in lines
    ]


def main() -> None:
    period = stage.asked_period()
    if os.environ.get("PLANT_DSN"):
        repairs, now = of_the_plant()
        times = [repair["running_again"] for repair in repairs] + [now]
    else:
        repairs = list(of_the_file())
        times = [repair["running_again"] for repair in repairs]
    months = [f"{repair['running_again']:%Y-%m}" for repair in repairs]
    first, last = (f"{time:%Y-%m}" for time in (min(times), max(times)))
    if not first <= period <= last:
        stage.fail(stage.BAD_REQUEST, f"period {period} lies outside the stops, that are of {first} to {last}")
    wanted = [repair for repair, month in zip(repairs, months) if month == period]
    opened = open_tickets({repair["machine"]: repair["line"] for repair in repairs})
    if machine := os.environ.get("REPORT_PARAM_MACHINE"):
        if machine not in {repair["machine"] for repair in repairs}:
            stage.fail(stage.BAD_REQUEST, f"machine {machine!r} has never been repaired")
        wanted = [repair for repair in wanted if repair["machine"] == machine]
        opened = [row for row in opened if row["machine"] == machine]
    area.STAGING.load(period, (INSERT, wanted), (INSERT_TICKETS, opened))
    print(f"extract: {len(wanted)} of {len(repairs)} breakdowns were repaired in {period}")
    if tickets.are_asked_for():
        print(f"extract: {sum(row['tickets'] for row in opened)} tickets are open")


if __name__ == "__main__":
    stage.run(main)
