"""What the stages of all samples share: what they were asked for, the warehouse, and how they fail."""

import os
import re
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

import pymysql
from pymongo.errors import PyMongoError

# Both are fixed in a pod; they can be moved so that a stage can be tried without one.
WORKSPACE = Path(os.environ.get("WORKSPACE", "/workspace"))
DATA = Path(os.environ.get("DATA", "/data"))

# The run that this stage belongs to. A stage that is tried by hand may do without.
REPORT_ID = os.environ.get("REPORT_ID", "by-hand")
REPORT_ATTEMPT = int(os.environ.get("REPORT_ATTEMPT", "1"))
REPORT_STAGE = os.environ.get("REPORT_STAGE", "by-hand")

# Exit codes, after sysexits.h: the status of the request shows them, so each kind of failure has its own.
BAD_REQUEST = 64  # a parameter that the input can't satisfy: asking again is useless
BAD_DATA = 65  # the input is wrong and somebody has to correct it, or the staged lines are another run's
NO_INPUT = 66  # the stage before this one has not left what this one needs
UNAVAILABLE = 69  # a server does not answer or refuses us
NO_CONFIGURATION = 78  # a variable that names a server is missing

SHOWN_FAULTS = 5


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


def fail_for(faults: Iterable[str]) -> None:
    """Ends the stage if its data have faults, with the first of them: a termination message has room for 2048 bytes."""
    faults = list(faults)
    if len(faults) > SHOWN_FAULTS:
        faults[SHOWN_FAULTS:] = [f"and {len(faults) - SHOWN_FAULTS} more"]
    if faults:
        fail(BAD_DATA, *faults)


def run(main: Callable[[], None]) -> None:
    """Runs a stage. A server's fault ends it with one line instead of a stack trace."""
    try:
        main()
    except pymysql.err.MySQLError as error:
        fail(UNAVAILABLE, f"warehouse: {error}")
    except PyMongoError as error:
        fail(UNAVAILABLE, f"MongoDB: {error}")


def asked(name: str, pattern: str, example: str) -> str:
    """A parameter. The operator has checked it; a stage that is tried by hand has not been."""
    variable = f"REPORT_PARAM_{name}"
    text = os.environ.get(variable, "")
    if not re.fullmatch(pattern, text):
        fail(BAD_REQUEST, f"{variable} is {text!r}, expected {example}")
    return text


def asked_period() -> str:
    """The month that is reported, YYYY-MM."""
    return asked("PERIOD", r"\d{4}-(0[1-9]|1[0-2])", "a month such as 2026-10")


def asked_date() -> date:
    """The day that is reported."""
    text = asked("DATE", r"\d{4}-\d\d-\d\d", "a day such as 2026-10-30")
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(BAD_REQUEST, f"there is no day {text}")


def asked_integer(name: str, least: int, most: int) -> int:
    number = int(asked(name, r"-?\d{1,9}", f"a number from {least} to {most}"))
    if not least <= number <= most:
        fail(BAD_REQUEST, f"REPORT_PARAM_{name} is {number}, expected {least} to {most}")
    return number


def first_day_after(period: str, months: int = 1) -> date:
    """The first day of the month that is a number of months after `period` (YYYY-MM); none: of that month itself."""
    year, month = map(int, period.split("-"))
    years, month = divmod(month - 1 + months, 12)
    return date(year + years, month + 1, 1)


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
