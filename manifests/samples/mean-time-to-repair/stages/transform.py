#!/usr/bin/env python3
"""Transform: checks the times of each breakdown and computes the mean time to repair, both in the warehouse."""

from pathlib import Path

from report_stage import stage
from report_stage.warehouse import connect_to_warehouse

import area

SQL = Path(__file__).resolve().parent


def main() -> None:
    period = stage.asked_period()
    warehouse = connect_to_warehouse()
    warehouse.begin()
    with warehouse.cursor() as cursor:
        area.STAGING.require_own(cursor, period)
        cursor.execute(
            "SELECT number, machine, stopped_at, repair_began, running_again FROM breakdown"
            " WHERE repair_began < stopped_at OR running_again < repair_began ORDER BY number LIMIT 5"
        )
        stage.fail_for(
            f"line {number} of stops.csv: {machine} stopped at {stopped}, repair began at {began}, running at {again}"
            for number, machine, stopped, began, again in cursor.fetchall()
        )
        cursor.execute("DELETE FROM repair_time")
        cursor.execute((SQL / "repair_time.sql").read_text(encoding="utf-8"))
        cursor.execute("SELECT COUNT(*), COALESCE(SUM(repairs), 0) FROM repair_time")
        machines, repairs = cursor.fetchone()
    warehouse.commit()
    warehouse.close()
    print(f"transform: {period}: {repairs} repairs of {machines} machines")


if __name__ == "__main__":
    stage.run(main)
