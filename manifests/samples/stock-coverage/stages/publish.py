#!/usr/bin/env python3
"""Publish: brings orders and stock together, checks the sums, prints the report, and writes it to MongoDB."""

from collections import defaultdict
from decimal import Decimal

import handover
from report_stage import results, stage
from report_stage.table import print_table

TYPES = {
    "material": "string",
    "orders": "integer",
    "ordered": "decimal",
    "stock": "decimal",
    "missing": "decimal",
    "amount": "decimal",
}


def main() -> None:
    orders, orders_as_of = handover.find(handover.ORDERS, "extract_orders")
    stock_rows, stock_as_of = handover.find(handover.STOCK, "extract_stock")
    stock = {material: Decimal(quantity) for material, quantity in stock_rows}
    counts: dict[str, int] = defaultdict(int)
    ordered: dict[str, Decimal] = defaultdict(Decimal)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for _, material, quantity, amount in orders:
        counts[material] += 1
        ordered[material] += Decimal(quantity)
        amounts[material] += Decimal(amount)
    rows = []
    for material in sorted(counts):
        there = stock.get(material, Decimal())
        missing = max(Decimal(), ordered[material] - there)
        rows.append([material, counts[material], ordered[material], there, missing, amounts[material]])
    total = sum((Decimal(order[3]) for order in orders), Decimal())
    if sum((row[5] for row in rows), Decimal()) != total:
        stage.fail(stage.BAD_DATA, f"the amounts of all materials are not those of all orders, {total}")

    print(f"Stock coverage of {handover.plant()}\n")
    shown = [(row[0], f"{row[1]:,}", *(f"{value:,}" for value in row[2:])) for row in rows]
    heading = ("Material", "Orders", "Ordered", "In stock", "Missing", "Amount")
    print_table(heading, shown, ("Total", f"{len(orders):,}", "", "", "", f"{total:,}"))
    # As of the older of the two: nothing in it is older than that.
    results.publish(TYPES, rows, as_of=min(orders_as_of, stock_as_of))


if __name__ == "__main__":
    stage.run(main)
