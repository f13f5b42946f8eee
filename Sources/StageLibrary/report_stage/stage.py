"""What a stage was asked for, and how it ends. Needs nothing but Python."""

import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import NoReturn

# Both are fixed in a pod; they can be moved so that a stage can be tried without one.
WORKSPACE = Path(os.environ.get("WORKSPACE", "/workspace"))
DATA = Path(os.environ.get("DATA", "/data"))

# The run that this stage belongs to. A stage that is tried by hand may do without.
BY_HAND = "by-hand"
REPORT_ID = os.environ.get("REPORT_ID") or BY_HAND
REPORT_ATTEMPT = int(os.environ.get("REPORT_ATTEMPT") or "1")
REPORT_STAGE = os.environ.get("REPORT_STAGE") or BY_HAND

# Exit codes, after sysexits.h: the status of the request shows them, so each kind of failure has its own.
BAD_REQUEST = 64  # a parameter that the input can't satisfy: asking again is useless
BAD_DATA = 65  # the input is wrong and somebody has to correct it, or the staged lines are another run's
NO_INPUT = 66  # the stage before this one has not left what this one needs
UNAVAILABLE = 69  # a server does not answer or refuses us
PROGRAM_FAULT = 70  # an exception that nobody expected
NO_CONFIGURATION = 78  # a variable that names a server is missing

# Kubernetes takes a container's message from there. It is in every pod, and on no other machine.
TERMINATION_LOG = "/dev/termination-log"
# The status of a request keeps the last 1024 bytes of it.
MESSAGE_BYTES = 1000


def fail(code: int, *lines: str, others: int = 0) -> NoReturn:
    """Ends the stage with `lines` as its message, which the status of the request shows, and as the end of its log.

    `others` is how many more there are, that are not among the lines.
    """
    name = Path(sys.argv[0]).stem
    whole = [f"{name}: {line}" for line in lines]
    # First of all: what is printed may be lost when the process ends, where much was printed before.
    leave_message(whole, others)
    sys.stdout.flush()
    print(*whole, *([f"{name}: and {others} more"] if others else []), sep="\n", file=sys.stderr, flush=True)
    sys.exit(code)


def leave_message(lines: list[str], others: int = 0, path: str | None = None) -> None:
    """Writes the lines, as many as there is room for, to where Kubernetes takes the message from."""
    text = message_of(lines, others).encode(errors="replace")
    try:
        # It isn't made where it isn't there: then this is no container.
        file = os.open(path or os.environ.get("TERMINATION_LOG") or TERMINATION_LOG, os.O_WRONLY | os.O_TRUNC)
    except OSError:
        return
    try:
        os.write(file, text)
    except OSError:
        pass
    finally:
        os.close(file)


def message_of(lines: list[str], others: int = 0, limit: int = MESSAGE_BYTES) -> str:
    """The lines from the first on, in about `limit` bytes at most; the last says how many there are besides."""
    kept: list[str] = []
    size = len("and 1000000 more\n")
    for line in lines:
        size += len(line.encode(errors="replace")) + 1
        if size > limit:
            break
        kept.append(line)
    if not kept and lines:
        kept = [lines[0].encode(errors="replace")[: limit - 20].decode(errors="ignore") + "…"]
    others += len(lines) - len(kept)
    return "\n".join([*kept, f"and {others} more"] if others else kept)


def fail_for(faults: Iterable[str], others: int = 0, shown: int = 50) -> None:
    """Ends the stage if its data have faults, with the first of them, and the number of the others."""
    faults = list(faults)
    if faults:
        fail(BAD_DATA, *faults[:shown], others=others + len(faults[shown:]))


def run(main: Callable[[], None]) -> None:
    """Runs a stage. A server's fault ends it with one line instead of a stack trace; a fault of the program's own with
    a stack trace in the log, and a line as its message.
    """
    try:
        main()
    except SystemExit as end:
        # sys.exit("reason")
        if isinstance(end.code, str):
            fail(1, *end.code.splitlines())
        raise
    except Exception as error:
        if server := server_of(error):
            fail(UNAVAILABLE, f"{server}: {error}")
        place = traceback.extract_tb(error.__traceback__)[-1]
        print(traceback.format_exc(), file=sys.stderr)
        fail(PROGRAM_FAULT, f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})")


def server_of(error: Exception) -> str | None:
    """Whose fault it is, if a server's; the drivers are asked only where somebody has loaded them."""
    for module, name, server in (
        ("pymysql.err", "MySQLError", "warehouse"),
        ("pymongo.errors", "PyMongoError", "MongoDB"),
    ):
        kind = getattr(sys.modules.get(module), name, None)
        if kind and isinstance(error, kind):
            return server
    return None


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


def unfinished(path: Path) -> Path:
    """Where to write a file that is renamed to `path` when it is whole.

    A pod can be killed at any time and run again: a reader must find a whole file or none.
    """
    return path.with_name(path.name + ".unfinished")
