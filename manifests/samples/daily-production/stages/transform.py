#!/usr/bin/env python3
"""Transform: computes what each shift made and how effectively, and checks that it can be, both in the warehouse."""

from pathlib import Path

from report_stage import stage
from report_stage.warehouse import connect_to_warehouse

import area

SQL = Path(__file__).resolve().parent


def main() -> None:
    day = stage.asked_date()
    warehouse = connect_to_warehouse()
    warehouse.begin()
    with warehouse.cursor() as cursor:
        area.STAGING.require_own(cursor, str(day))
        cursor.execute("DELETE FROM shift_production")
        cursor.execute((SQL / "shift_production.sql").read_text(encoding="utf-8"))
        cursor.execute(
            "SELECT line, shift, good + scrap, planned_minutes - stopped_minutes FROM shift_production"
            " WHERE stopped_minutes > planned_minutes OR performance > 1 OR (performance IS NULL AND good + scrap > 0)"
        )
        stage.fail_for(
            f"{day} {line} {shift}: {pieces} pieces can't be made in {running} running minutes"
            for line, shift, pieces, running in cursor.fetchall()
        )
        cursor.execute("SELECT COUNT(*), COALESCE(SUM(good), 0), COALESCE(SUM(scrap), 0) FROM shift_production")
        shifts, good, scrap = cursor.fetchone()
    warehouse.commit()
    warehouse.close()
    print(f"transform: {day}: {shifts} shifts, {good} good pieces, {scrap} scrapped")


if __name__ == "__main__":
    stage.run(main)
