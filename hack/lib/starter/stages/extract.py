"""Extract: takes the month's orders from where they are, and leaves them in the workspace.

They are in a file beside this program. Yours may be in a database, a web service or a volume: docs/writing-a-stage.md.
"""

import csv
import json
from pathlib import Path

from report_stage import stage

ORDERS = Path(__file__).resolve().with_name("orders.csv")


def main() -> None:
    period = stage.asked_period()
    with ORDERS.open(newline="", encoding="utf-8") as file:
        orders = list(csv.DictReader(file))
    wanted = [order for order in orders if order["day"].startswith(period)]
    if not wanted:
        first, last = min(order["day"] for order in orders), max(order["day"] for order in orders)
        stage.fail(stage.BAD_REQUEST, f"there are no orders in {period}; they are of {first} to {last}")
    # A pod can be killed at any time: the next stage must find a whole file or none.
    path = stage.WORKSPACE / "orders.json"
    stage.unfinished(path).write_text(json.dumps(wanted), encoding="utf-8")
    stage.unfinished(path).replace(path)
    print(f"extract: {len(wanted)} of {len(orders)} orders are of {period}")


stage.run(main)
