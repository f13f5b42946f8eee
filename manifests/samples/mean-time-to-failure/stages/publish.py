#!/usr/bin/env python3
"""Publish: checks the failure rates against the work orders themselves, prints them, keeps them in the warehouse's
history, and writes them to MongoDB.

Whatever happens to a component, it operates from its first work order until the observation of its excavator ends. So
the operating time of a system is known without looking at a single life, and must be the same.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pymysql
from report_stage import results, stage
from report_stage.table import print_table
from report_stage.warehouse import connect_to_warehouse

import area

TYPES = {
    "until": "date",
    "months": "integer",
    "system": "string",
    "components": "integer",
    "operatingDays": "integer",
    "failures": "integer",
    "suspensions": "integer",
    "mttfDays": "decimal",
}
COUNTS = ("components", "operating_days", "failures", "suspensions")
COLUMNS = ("system", *COUNTS, "mttf_days")
CENT = Decimal("0.01")

EXPECTED = """
SELECT system,
       SUM(GREATEST(0, DATEDIFF(LEAST(last_date, %(end)s), GREATEST(first_date, %(begin)s)))) AS operating_days,
       SUM(failures) AS failures
FROM (SELECT o.system, MIN(o.date) AS first_date, e.last_date,
             -- The first work order of a component ends no life that was observed.
             SUM(NOT o.suspension AND o.number <> c.first_number
                 AND o.date >= %(begin)s AND o.date < %(end)s) AS failures
      FROM work_order AS o
      JOIN (SELECT excavator, MAX(date) AS last_date FROM work_order GROUP BY excavator) AS e USING (excavator)
      JOIN (SELECT component, MIN(number) AS first_number FROM work_order GROUP BY component) AS c USING (component)
      GROUP BY o.component, o.system, e.last_date) AS components
GROUP BY system
"""


KEEP = """
INSERT INTO failure_rate_of_month
SELECT %(month)s, %(months)s, system, components, operating_days, failures, suspensions, mttf_days FROM failure_rate
"""


def keep(cursor: pymysql.cursors.Cursor, month: date, months: int, systems: int) -> None:
    """Keeps the month in the history, in place of what an earlier report kept of it: see daily-production."""
    cursor.execute(
        "INSERT INTO failure_month VALUES (%s, %s, %s, %s, NOW(3))"
        " ON DUPLICATE KEY UPDATE systems = VALUES(systems), report_id = VALUES(report_id), kept_at = VALUES(kept_at)",
        [month, months, systems, stage.REPORT_ID],
    )
    cursor.execute("DELETE FROM failure_rate_of_month WHERE month = %s AND months = %s", [month, months])
    cursor.execute(KEEP, {"month": month, "months": months})


def mean(days: int, failures: int) -> Decimal | None:
    return (Decimal(days) / failures).quantize(CENT, ROUND_HALF_UP) if failures else None


def faults_of(rates: list[dict], expected: list[dict]) -> list[str]:
    """Why the rates are not those of the work orders; empty if they are."""
    faults = []
    computed = {rate["system"]: rate for rate in rates}
    for line in expected:
        rate = computed.pop(line["system"], {"operating_days": 0, "failures": 0, "mttf_days": None})
        for what in ("operating_days", "failures"):
            if rate[what] != line[what]:
                faults.append(f"{line['system']}: {what} {rate[what]}, but the work orders have {line[what]}")
        if rate["mttf_days"] != mean(rate["operating_days"], rate["failures"]):
            faults.append(f"{line['system']}: mttf_days {rate['mttf_days']} is not operating time by failures")
    return faults + [f"{system}: there is no such work order" for system in computed]


def cells(rate: dict) -> tuple[str, ...]:
    days = rate["mttf_days"]
    return (
        rate["system"],
        *(f"{rate[column]:,}" for column in COUNTS),
        "-" if days is None else f"{days:,}",
    )


def main() -> None:
    period, begin, end = area.window()
    months = stage.asked_integer("MONTHS", 1, 120)
    warehouse = connect_to_warehouse()
    warehouse.begin()
    with warehouse.cursor() as cursor:
        as_of = area.STAGING.require_own(cursor, period)
    with warehouse.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute("SELECT * FROM failure_rate ORDER BY system")
        rates = list(cursor.fetchall())
        cursor.execute(EXPECTED, {"begin": begin, "end": end})
        expected = cursor.fetchall()
    if not rates:
        stage.fail(stage.NO_INPUT, "there are no failure rates: transform has to run first")
    stage.fail_for(faults_of(rates, expected))
    month = stage.first_day_after(period, 0)
    with warehouse.cursor() as cursor:
        keep(cursor, month, months, len(rates))
    warehouse.commit()
    warehouse.close()

    total = {column: sum(rate[column] for rate in rates) for column in COUNTS}
    all_systems = {"system": "All systems", **total, "mttf_days": mean(total["operating_days"], total["failures"])}
    print(f"Mean time to failure in days, {months} months until {period}\n")
    heading = ("System", "Components", "Operating days", "Failures", "Suspensions", "MTTF")
    print_table(heading, map(cells, rates), cells(all_systems))
    results.publish(TYPES, ([month, months, *(rate[name] for name in COLUMNS)] for rate in rates), as_of=as_of)


if __name__ == "__main__":
    stage.run(main)
