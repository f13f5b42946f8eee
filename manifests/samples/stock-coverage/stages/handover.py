"""What the two extracts leave in the workspace for the last stage: JSON, with every number as text."""

import json
from datetime import datetime
from pathlib import Path

from report_stage import stage

ORDERS = stage.WORKSPACE / "orders.json"
STOCK = stage.WORKSPACE / "stock.json"


def leave(path: Path, rows: list[list[str]], as_of: datetime) -> None:
    """A whole file or none: the pod may be killed at any time."""
    unfinished = stage.unfinished(path)
    unfinished.write_text(json.dumps({"asOf": as_of.isoformat(), "plant": plant(), "rows": rows}), encoding="utf-8")
    unfinished.replace(path)


def find(path: Path, what: str) -> tuple[list[list[str]], datetime]:
    if not path.exists():
        stage.fail(stage.NO_INPUT, f"there is no {path.name}: {what} has to run first")
    found = json.loads(path.read_text(encoding="utf-8"))
    if found["plant"] != plant():
        stage.fail(stage.BAD_DATA, f"{path.name} is of {found['plant']}, and this is a report on {plant()}")
    return found["rows"], datetime.fromisoformat(found["asOf"])


def plant() -> str:
    return stage.asked("PLANT", r"[A-Z0-9]{1,16}", "a plant such as P100")
