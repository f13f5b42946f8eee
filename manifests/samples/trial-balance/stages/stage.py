"""What the three stages share: where their files lie, what they were asked for, and how they fail."""

import os
import re
import sys
from pathlib import Path
from typing import NoReturn

# Both are fixed in a pod; they can be moved so that a stage can be tried without one.
WORKSPACE = Path(os.environ.get("WORKSPACE", "/workspace"))
LEDGERS = Path(os.environ.get("LEDGERS", "/ledgers"))

LINES_CSV = WORKSPACE / "general-ledger.csv"
DATABASE = WORKSPACE / "trial-balance.db"
RESULT_JSON = WORKSPACE / "trial-balance.json"

# Exit codes, after sysexits.h: the status of the request shows them, so each kind of failure has its own.
BAD_REQUEST = 64  # a parameter that no ledger can satisfy: asking again is useless
BAD_DATA = 65  # the books are wrong: somebody has to correct an entry
NO_INPUT = 66  # the stage before this one has not left what this one needs


def fail(code: int, *lines: str) -> NoReturn:
    """Ends the stage with `lines` as the last words of its log.

    When a container fails, Kubernetes takes the end of its log for the termination message, and the operator
    shows that in the request's status.
    """
    sys.stdout.flush()
    name = Path(sys.argv[0]).stem
    for line in lines:
        print(f"{name}: {line}", file=sys.stderr)
    sys.exit(code)


def asked_period() -> str:
    """The accounting period, YYYY-MM. The operator has checked it; a stage that is tried by hand has not been."""
    period = os.environ.get("REPORT_PARAM_PERIOD", "")
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        fail(BAD_REQUEST, f"REPORT_PARAM_PERIOD is {period!r}, expected a month such as 2026-10")
    return period


def unfinished(path: Path) -> Path:
    """Where to write a file that is renamed to `path` when it is whole.

    A pod can be killed at any time and run again: the next stage must find a whole file or none.
    """
    return path.with_name(path.name + ".unfinished")
