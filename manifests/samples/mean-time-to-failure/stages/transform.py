#!/usr/bin/env python3
"""Transform: turns work orders into lives of components, and those into a mean time to failure, both in the warehouse.

A component is as good as new after a work order. Its life ends with a failure, or with a suspension, when it is changed
before it fails; the last life of each still goes on when the observation of its excavator ends.
"""

from pathlib import Path

from report_stage import stage
from report_stage.warehouse import connect_to_warehouse

import area

SQL = Path(__file__).resolve().parent


def main() -> None:
    period, begin, end = area.window()
    warehouse = connect_to_warehouse()
    warehouse.begin()
    with warehouse.cursor() as cursor:
        area.STAGING.require_own(cursor, period)
        for table in ("component_life", "failure_rate"):
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute((SQL / f"{table}.sql").read_text(encoding="utf-8"), {"begin": begin, "end": end})
        cursor.execute("SELECT COUNT(*), SUM(outcome = 'failure') FROM component_life")
        lives, failures = cursor.fetchone()
    warehouse.commit()
    warehouse.close()
    print(f"transform: {lives} lives of components, {failures} ended with a failure")


if __name__ == "__main__":
    stage.run(main)
