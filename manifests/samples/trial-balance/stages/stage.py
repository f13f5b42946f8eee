"""What the three stages share: their input, the warehouse, what they were asked for, and how they fail."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

import pymysql
from pymongo.errors import PyMongoError

# Both are fixed in a pod; they can be moved so that a stage can be tried without one.
WORKSPACE = Path(os.environ.get("WORKSPACE", "/workspace"))
LEDGERS = Path(os.environ.get("LEDGERS", "/ledgers"))

RESULT_JSON = WORKSPACE / "trial-balance.json"

# The run that this stage belongs to. A stage that is tried by hand may do without.
REPORT_ID = os.environ.get("REPORT_ID", "by-hand")
REPORT_ATTEMPT = int(os.environ.get("REPORT_ATTEMPT", "1"))

# Exit codes, after sysexits.h: the status of the request shows them, so each kind of failure has its own.
BAD_REQUEST = 64  # a parameter that no ledger can satisfy: asking again is useless
BAD_DATA = 65  # the books are wrong and somebody has to correct an entry, or the staged lines are another run's
NO_INPUT = 66  # the stage before this one has not left what this one needs
UNAVAILABLE = 69  # a server does not answer or refuses us
NO_CONFIGURATION = 78  # a variable that names a server is missing


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


def run(main: Callable[[], None]) -> None:
    """Runs a stage. A server's fault ends it with one line instead of a stack trace."""
    try:
        main()
    except pymysql.err.MySQLError as error:
        fail(UNAVAILABLE, f"warehouse: {error}")
    except PyMongoError as error:
        fail(UNAVAILABLE, f"MongoDB: {error}")


def asked_period() -> str:
    """The accounting period, YYYY-MM. The operator has checked it; a stage that is tried by hand has not been."""
    period = os.environ.get("REPORT_PARAM_PERIOD", "")
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        fail(BAD_REQUEST, f"REPORT_PARAM_PERIOD is {period!r}, expected a month such as 2026-10")
    return period


def connect_to_warehouse() -> pymysql.Connection:
    """The database that `WAREHOUSE_DSN` names: mysql://USER:PASSWORD@HOST:PORT/DATABASE."""
    dsn = os.environ.get("WAREHOUSE_DSN")
    if not dsn:
        fail(NO_CONFIGURATION, "WAREHOUSE_DSN is not set, expected mysql://USER:PASSWORD@HOST:PORT/DATABASE")
    place = urlsplit(dsn)
    return pymysql.connect(
        host=place.hostname,
        port=place.port or 3306,
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        database=place.path.lstrip("/"),
        charset="utf8mb4",
        connect_timeout=10,
    )


def unfinished(path: Path) -> Path:
    """Where to write a file that is renamed to `path` when it is whole.

    A pod can be killed at any time and run again: a reader must find a whole file or none.
    """
    return path.with_name(path.name + ".unfinished")
