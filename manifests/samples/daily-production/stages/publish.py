#!/usr/bin/env python3
"""Publish: checks the production of the shifts, prints it with its totals, keeps it in the warehouse's history, and
writes it to MongoDB.

OEE is checked without its factors: it is the time that the good pieces take at the ideal speed, by the planned time.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pymysql
from report_stage import results, stage
from report_stage.table import print_table
from report_stage.warehouse import connect_to_warehouse

import area

TYPES = {
    "day": "date",
    "line": "string",
    "shift": "string",
    "target": "integer",
    "good": "integer",
    "scrap": "integer",
    "plannedMinutes": "integer",
    "stoppedMinutes": "integer",
    "attainment": "decimal",
    "availability": "decimal",
    "performance": "decimal",
    "quality": "decimal",
    "oee": "decimal",
}
COUNTS = ("target", "good", "scrap", "planned_minutes", "stopped_minutes")
FACTORS = ("attainment", "availability", "performance", "quality", "oee")
PLACES = Decimal("0.0001")
HISTORY = Path(__file__).resolve().with_name("history.sql")


def share(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    return (Decimal(part) / Decimal(whole)).quantize(PLACES, ROUND_HALF_UP) if whole else None


def total_of(shifts: list[dict]) -> dict:
    """The sums, and the factors of all shifts together: of lines with different cycles, weighted by their time."""
    total = {name: sum(shift[name] for shift in shifts) for name in COUNTS}
    pieces = total["good"] + total["scrap"]
    running = 60 * (total["planned_minutes"] - total["stopped_minutes"])
    ideal = sum((shift["good"] + shift["scrap"]) * shift["cycle_seconds"] for shift in shifts)
    ideal_good = sum(shift["good"] * shift["cycle_seconds"] for shift in shifts)
    return {
        "line": "All lines",
        "shift": "",
        **total,
        "attainment": share(total["good"], total["target"]),
        "availability": share(running, 60 * total["planned_minutes"]),
        "performance": share(ideal, running),
        "quality": share(total["good"], pieces),
        "oee": share(ideal_good, 60 * total["planned_minutes"]),
    }


def faults_of(shifts: list[dict], expected: dict) -> list[str]:
    sums = {"shifts": len(shifts)}
    sums |= {name: sum(shift[name] for shift in shifts) for name in ("target", "good", "scrap")}
    faults = [
        f"{name} of all shifts is {number}, but {expected[name]} was extracted"
        for name, number in sums.items()
        if number != expected[name]
    ]
    for shift in shifts:
        oee = share(shift["good"] * shift["cycle_seconds"], 60 * shift["planned_minutes"])
        if shift["oee"] != oee:
            faults.append(f"{shift['line']} {shift['shift']}: OEE {shift['oee']}, but its good pieces make {oee}")
    return faults


def keep(cursor: pymysql.cursors.Cursor, day: date, shifts: int) -> None:
    """Keeps the day in the history, in place of what an earlier report kept of it.

    Within the transaction in which the staged lines are this run's: a run that was taken for dead can't come between.
    """
    cursor.execute(
        "INSERT INTO production_day VALUES (%s, %s, %s, NOW(3))"
        " ON DUPLICATE KEY UPDATE shifts = VALUES(shifts), report_id = VALUES(report_id), kept_at = VALUES(kept_at)",
        [day, shifts, stage.REPORT_ID],
    )
    cursor.execute("DELETE FROM production_of_day WHERE day = %s", [day])
    cursor.execute(HISTORY.read_text(encoding="utf-8"), {"day": day})


def cells(row: dict) -> tuple[str, ...]:
    shown = ["-" if row[name] is None else f"{100 * row[name]:.1f} %" for name in FACTORS]
    return (row["line"], row["shift"], *(f"{row[name]:,}" for name in COUNTS), *shown)


def main() -> None:
    day = stage.asked_date()
    warehouse = connect_to_warehouse()
    warehouse.begin()
    with warehouse.cursor(pymysql.cursors.Cursor) as cursor:
        as_of = area.STAGING.require_own(cursor, str(day))
    with warehouse.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute(
            "SELECT p.*, s.cycle_seconds FROM shift_production AS p JOIN line_shift AS s USING (line, shift)"
            " ORDER BY line, s.starts"
        )
        shifts = list(cursor.fetchall())
        cursor.execute(
            "SELECT COUNT(*) AS shifts, COALESCE(SUM(target), 0) AS target, COALESCE(SUM(good), 0) AS good,"
            " COALESCE(SUM(scrap), 0) AS scrap FROM line_shift"
        )
        expected = cursor.fetchone()
    if expected["shifts"] and not shifts:
        stage.fail(stage.NO_INPUT, "there is no production: transform has to run first")
    stage.fail_for(faults_of(shifts, expected))
    with warehouse.cursor() as cursor:
        keep(cursor, day, len(shifts))
    warehouse.commit()
    warehouse.close()

    print(f"Production of {day}\n" if shifts else f"No shift was planned on {day}\n")
    heading = ("Line", "Shift", "Target", "Good", "Scrap", "Planned min", "Stopped min")
    heading += ("Attainment", "Availability", "Performance", "Quality", "OEE")
    print_table(heading, map(cells, shifts), cells(total_of(shifts)), texts=2)
    columns = ("line", "shift", *COUNTS, *FACTORS)
    results.publish(TYPES, ([day, *(shift[name] for name in columns)] for shift in shifts), as_of=as_of)


if __name__ == "__main__":
    stage.run(main)
