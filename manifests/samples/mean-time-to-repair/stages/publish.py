#!/usr/bin/env python3
"""Publish: checks the repair times against the sums of all breakdowns, prints them, and writes them to MongoDB."""

from decimal import ROUND_HALF_UP, Decimal

import pymysql
from report_stage import results, stage
from report_stage.table import print_table
from report_stage.warehouse import connect_to_warehouse

import area
import tickets

TYPES = {
    "month": "date",
    "line": "string",
    "machine": "string",
    "repairs": "integer",
    "repairMinutes": "integer",
    "waitingMinutes": "integer",
    "longestMinutes": "integer",
    "mttrMinutes": "decimal",
    "meanDowntimeMinutes": "decimal",
    "openTickets": "integer",
}
NUMBERS = ("repairs", "repair_minutes", "waiting_minutes", "longest_minutes", "mttr_minutes", "mean_downtime_minutes")
CENT = Decimal("0.01")

# Machines with an open ticket and without a repair are shown too.
WITHOUT_REPAIR = """
SELECT line, machine, 0 AS repairs, 0 AS repair_minutes, 0 AS waiting_minutes, 0 AS longest_minutes,
       NULL AS mttr_minutes, NULL AS mean_downtime_minutes
FROM open_ticket WHERE machine NOT IN (SELECT machine FROM repair_time)
"""

# Times as seconds since an epoch, not as differences: another way than transform's to the same sums.
EXPECTED = """
SELECT COUNT(*) AS repairs,
       COALESCE(SUM(TO_SECONDS(running_again)) - SUM(TO_SECONDS(repair_began)), 0) AS repair_seconds,
       COALESCE(SUM(TO_SECONDS(repair_began)) - SUM(TO_SECONDS(stopped_at)), 0)    AS waiting_seconds
FROM breakdown
"""


def mean(minutes: int, repairs: int) -> Decimal | None:
    return (Decimal(minutes) / repairs).quantize(CENT, ROUND_HALF_UP) if repairs else None


def means(sums: dict) -> dict[str, Decimal | None]:
    downtime = sums["waiting_minutes"] + sums["repair_minutes"]
    return {
        "mttr_minutes": mean(sums["repair_minutes"], sums["repairs"]),
        "mean_downtime_minutes": mean(downtime, sums["repairs"]),
    }


def faults_of(machines: list[dict], total: dict, expected: dict) -> list[str]:
    faults = [
        f"{what} of all machines are {value}, but the breakdowns have {wanted}"
        for what, value, wanted in (
            ("repairs", total["repairs"], expected["repairs"]),
            ("seconds of repair", 60 * total["repair_minutes"], expected["repair_seconds"]),
            ("seconds of waiting", 60 * total["waiting_minutes"], expected["waiting_seconds"]),
        )
        if value != wanted
    ]
    for row in machines:
        if any(row[name] != value for name, value in means(row).items()):
            faults.append(f"{row['line']} {row['machine']}: the mean is not the time of the repairs by their number")
    return faults


def cells(row: dict) -> tuple[str, ...]:
    return (row["line"], row["machine"], *("-" if row[name] is None else f"{row[name]:,}" for name in NUMBERS))


def main() -> None:
    period = stage.asked_period()
    warehouse = connect_to_warehouse()
    warehouse.begin()
    with warehouse.cursor(pymysql.cursors.Cursor) as cursor:
        as_of = area.STAGING.require_own(cursor, period)
    with warehouse.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute("SELECT * FROM repair_time ORDER BY line, machine")
        machines = list(cursor.fetchall())
        cursor.execute(EXPECTED)
        expected = cursor.fetchone()
        cursor.execute("SELECT machine, tickets FROM open_ticket ORDER BY machine")
        opened = {row["machine"]: row["tickets"] for row in cursor.fetchall()}
        cursor.execute(WITHOUT_REPAIR)
        others = cursor.fetchall()
    warehouse.close()
    if expected["repairs"] and not machines:
        stage.fail(stage.NO_INPUT, "there are no repair times: transform has to run first")
    total = {name: sum(row[name] for row in machines) for name in ("repairs", "repair_minutes", "waiting_minutes")}
    stage.fail_for(faults_of(machines, total, expected))
    machines = sorted([*machines, *others], key=lambda row: (row["line"], row["machine"]))

    longest = max((row["longest_minutes"] for row in machines), default=0)
    everything = {"line": "All lines", "machine": "", **total, "longest_minutes": longest, **means(total)}
    print(f"Mean time to repair in minutes, {period}\n")
    heading = ("Line", "Machine", "Repairs", "Repair", "Waiting", "Longest", "MTTR", "Mean downtime")
    print_table(heading, map(cells, machines), cells(everything), texts=2)
    if tickets.are_asked_for():
        print("\nOpen tickets: " + (", ".join(f"{machine} {count}" for machine, count in opened.items()) or "none"))
    month = stage.first_day_after(period, 0)
    # Without a system of tickets it isn't known that there are none.
    unknown = 0 if tickets.are_asked_for() else None
    rows = ([month, *row.values(), opened.get(row["machine"], unknown)] for row in machines)
    results.publish(TYPES, rows, as_of=as_of)


if __name__ == "__main__":
    stage.run(main)
