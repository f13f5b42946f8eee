"""Checks rows against their columns, before anything of them is written. Needs no server and no driver.

A column has a name and a type. A value of each is

    string      str
    integer     int of 64 bits
    decimal     Decimal of at most 34 digits, or an int; never a float
    date        date
    month       date, of the first day of the month
    timestamp   datetime with a time zone
    boolean     bool

or None, which readers see as an empty cell.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import Protocol

KEPT_FAULTS = 50  # those that a log names; the others are counted
SHOWN_CHARACTERS = 40  # of a value that is wrong
LARGEST_INTEGER = 2**63 - 1
DECIMAL_DIGITS = 34


class Wrong(ValueError):
    """A value that isn't of its column's type: what it is, and what is allowed."""


class Type(Protocol):
    """Of a column: reads a field of text, and checks a value of Python's. Both return what is published."""

    example: str

    def read(self, text: str) -> object: ...

    def check(self, value: object) -> object: ...


class String:
    example = "text"

    def read(self, text: str) -> str:
        return self.check(text)

    def check(self, value: object) -> str:
        if not isinstance(value, str):
            raise Wrong(f"is {named(value)}, expected a str")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Wrong("is not Unicode: it was decoded with errors=surrogateescape") from None
        return value


class Integer:
    example = "1250"

    def read(self, text: str) -> int:
        # int() takes blanks, underscores and digits of every script too.
        if not text.removeprefix("-").isdigit() or not text.isascii() or len(text) > 20:
            raise Wrong(f"is not an integer, expected such as {self.example}")
        return self.check(int(text))

    def check(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong(f"is {named(value)}, expected an int")
        if not -LARGEST_INTEGER - 1 <= value <= LARGEST_INTEGER:
            raise Wrong("is an integer of more than 64 bits; make the column a decimal")
        return value


class DecimalNumber:
    example = "10.50"
    # Commas between groups of three alone: "10,50" is no ten and a half here, and must not become 1050.
    form = re.compile(r"[+-]?(?=\.?\d)(\d{1,3}(,\d{3})+|\d*)(\.\d*)?([eE][+-]?\d{1,4})?", re.ASCII)
    # What MongoDB's Decimal128 holds.
    exact = Context(prec=DECIMAL_DIGITS, Emin=-6143, Emax=6144, clamp=1, traps=[Inexact, InvalidOperation, Overflow])

    def read(self, text: str) -> Decimal:
        if not self.form.fullmatch(text):
            raise Wrong(f"is not a decimal, expected such as {self.example}")
        return self.check(Decimal(text.replace(",", "")))

    def check(self, value: object) -> Decimal:
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        elif type(value).__name__ == "Decimal128" and hasattr(value, "to_decimal"):
            value = value.to_decimal()
        if not isinstance(value, Decimal):
            raise Wrong(f'is {named(value)}, expected a Decimal, such as Decimal("{self.example}")')
        if not value.is_finite():
            raise Wrong("is not a number")
        try:
            return self.exact.create_decimal(value)
        except ArithmeticError:
            raise Wrong(f"has more than {DECIMAL_DIGITS} digits") from None


class Day:
    example = "2026-10-31"
    pattern = "%Y-%m-%d"
    kind = "a date"

    def read(self, text: str) -> date:
        try:
            # strptime takes 2026-1-5 too.
            day = datetime.strptime(text, self.pattern).date()
            if day.strftime(self.pattern).zfill(len(self.example)) == text:
                return self.check(day)
        except ValueError:
            pass
        raise Wrong(f"is not {self.kind}, expected such as {self.example}")

    def check(self, value: object) -> date:
        if isinstance(value, datetime):
            if (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):
                raise Wrong(f"has a time of day, expected {self.kind}")
            value = value.date()
        if not isinstance(value, date):
            raise Wrong(f"is {named(value)}, expected a date")
        return value


class Month(Day):
    example = "2026-10"
    pattern = "%Y-%m"
    kind = "a month"

    def check(self, value: object) -> date:
        value = super().check(value)
        if value.day != 1:
            raise Wrong("is not the first day of a month, as a month is given")
        return value


class Instant:
    example = "2026-10-31T13:45:00Z"

    def read(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or "T" not in text:
            raise Wrong(f"is not a timestamp, expected such as {self.example}")
        return self.check(moment)

    def check(self, value: object) -> datetime:
        if not isinstance(value, datetime):
            raise Wrong(f"is {named(value)}, expected a datetime")
        if value.utcoffset() is None:
            raise Wrong(f"says nothing about its time zone, expected such as {self.example}")
        try:
            return value.astimezone(timezone.utc)
        except OverflowError:
            raise Wrong("lies outside the years 1 to 9999") from None


class Boolean:
    example = "true"

    def read(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise Wrong("is neither true nor false")
        return text == "true"

    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise Wrong(f"is {named(value)}, expected a bool")
        return value


TYPES: dict[str, Type] = {
    "string": String(),
    "integer": Integer(),
    "decimal": DecimalNumber(),
    "date": Day(),
    "month": Month(),
    "timestamp": Instant(),
    "boolean": Boolean(),
}


def named(value: object) -> str:
    """The type of a value, with its article."""
    kind = type(value).__name__
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"


def shown(value: object) -> str:
    """A value for a message: on one line, and short."""
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except Exception:  # whatever somebody's own class does
        text = named(value)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


@dataclass
class Faults:
    """What is wrong: the first faults in words, and the number of all."""

    words: list[str] = field(default_factory=list)
    count: int = 0

    def __bool__(self) -> bool:
        return self.count > 0

    def add(self, text: str) -> None:
        self.count += 1
        if len(self.words) < KEPT_FAULTS:
            self.words.append(text)


def faults_of_columns(columns: Mapping[str, str]) -> Faults:
    faults = Faults()
    if not columns:
        faults.add("there are no columns")
    for name, kind in columns.items():
        if not isinstance(name, str) or not name.strip():
            faults.add(f"column {shown(name)}: a column needs a name")
        if not isinstance(kind, str) or kind not in TYPES:
            faults.add(f"column {name}: {shown(kind)} is not a type; types are {', '.join(TYPES)}")
    return faults


def checked(
    columns: Mapping[str, str], rows: Iterable[Sequence[object]], faults: Faults, are_texts: bool = False
) -> Iterator[list[object]]:
    """The rows as they are published; of those that are wrong, `faults` gets a line for each value.

    `are_texts` for fields of text, such as a line's: then an empty one is None, but for strings. Lines count from 1.
    """
    kinds = [(name, kind, TYPES[kind]) for name, kind in columns.items()]
    for number, row in enumerate(rows, start=1):
        if isinstance(row, (str, bytes)) or not isinstance(row, Sequence):
            faults.add(f"line {number}: is {named(row)}, expected a list of {len(kinds)} values")
            continue
        if len(row) != len(kinds):
            faults.add(f"line {number}: has {len(row)} of {len(kinds)} fields; expected {', '.join(columns)}")
            continue
        result: list[object] = []
        for value, (name, kind, column) in zip(row, kinds):
            if value is None or (are_texts and value == "" and kind != "string"):
                result.append(None)
                continue
            try:
                result.append(column.read(value) if are_texts and isinstance(value, str) else column.check(value))
            except Wrong as wrong:
                faults.add(f"line {number}, column {name} ({kind}): {shown(value)} {wrong}")
        if len(result) == len(kinds):
            yield result
