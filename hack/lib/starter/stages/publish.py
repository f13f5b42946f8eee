"""Publish: prints the report, and writes its rows to MongoDB."""

import json
from decimal import Decimal

from report_stage import results, stage
from report_stage.table import print_table

COLUMNS = {"month": "month", "customer": "string", "orders": "integer", "amount": "decimal"}


def main() -> None:
    period = stage.asked_period()
    path = stage.WORKSPACE / "customers.json"
    if not path.exists():
        stage.fail(stage.NO_INPUT, "there are no sums: transform has to run first")
    customers = [(name, count, Decimal(amount)) for name, count, amount in json.loads(path.read_text(encoding="utf-8"))]
    rows = [(name, f"{count:,}", f"{amount:,.2f}") for name, count, amount in customers]
    total = ("Total", f"{sum(row[1] for row in customers):,}", f"{sum(row[2] for row in customers):,.2f}")
    print_table(("Customer", "Orders", "Amount"), rows, total)
    month = stage.first_day_after(period, months=0)
    results.publish(COLUMNS, [[month, *row] for row in customers])


stage.run(main)
