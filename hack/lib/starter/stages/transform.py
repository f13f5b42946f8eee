"""Transform: sums the orders of each customer."""

import json
from collections import Counter
from decimal import Decimal, InvalidOperation

from report_stage import stage


def amount_of(order: dict) -> Decimal:
    try:
        return Decimal(order["amount"])
    except InvalidOperation:
        stage.fail(stage.BAD_DATA, f"order {order['number']}: {order['amount']!r} is not an amount")


def main() -> None:
    path = stage.WORKSPACE / "orders.json"
    if not path.exists():
        stage.fail(stage.NO_INPUT, "there are no orders: extract has to run first")
    counts: Counter[str] = Counter()
    sums: dict[str, Decimal] = {}
    for order in json.loads(path.read_text(encoding="utf-8")):
        customer = order["customer"]
        counts[customer] += 1
        sums[customer] = sums.get(customer, Decimal()) + amount_of(order)
    # Amounts are texts: a number of JSON's is a float for most readers.
    customers = [[customer, counts[customer], str(sums[customer])] for customer in sorted(sums)]
    path = stage.WORKSPACE / "customers.json"
    stage.unfinished(path).write_text(json.dumps(customers), encoding="utf-8")
    stage.unfinished(path).replace(path)
    print(f"transform: {len(customers)} customers")


stage.run(main)
