#!/usr/bin/env python3
"""Extract: reads the ledger and writes its general-ledger lines, one for each posting, as CSV to the workspace.

Every amount is written as the exact decimal text that was booked. Lines are passed on as they are, even when
beancount finds fault with them: judging the books is the next stage's work.
"""

import csv
import os
from datetime import date
from decimal import Decimal, Inexact, localcontext
from pathlib import Path

import stage

# The loader would keep its cache beside the ledger, and a stage's image is not to be written to.
os.environ.setdefault("BEANCOUNT_DISABLE_LOAD_CACHE", "1")

from beancount import loader  # noqa: E402
from beancount.core import convert, interpolate  # noqa: E402
from beancount.core.data import Transaction  # noqa: E402

COLUMNS = (
    "date", "entry", "line", "account", "narration",
    "number", "currency", "cost_number", "cost_currency",
    "amount", "amount_currency", "tolerance", "source",
)  # fmt: skip


def text(number: Decimal | None) -> str:
    """`number` in plain digits: str() could choose an exponent, that not every reader understands."""
    return "" if number is None else format(number, "f")


def ledger_path() -> Path:
    name = os.environ.get("REPORT_PARAM_LEDGER", "example")
    path = stage.LEDGERS / f"{name}.beancount"
    # The name comes from a request: it may choose a ledger, but not leave the folder.
    if path.parent != stage.LEDGERS or not path.is_file():
        stage.fail(stage.BAD_REQUEST, f"there is no ledger {name!r} in {stage.LEDGERS}")
    return path


def lines_of(number: int, entry: Transaction, options: dict):
    """The general-ledger lines of one entry. `number` identifies the entry within this extract."""
    # How far the entry may be off, by beancount's own rule: half of the last digit of its amounts.
    tolerances = interpolate.infer_tolerances(entry.postings, options)
    source = f"{entry.meta['filename']}:{entry.meta['lineno']}"
    narration = " | ".join(filter(None, (entry.payee, entry.narration)))
    for line, posting in enumerate(entry.postings, start=1):
        if posting.price and not posting.cost:
            # Such an entry balances at its price, in another currency than it is carried in. A trial balance
            # at cost needs a conversion account for that, which these books don't have.
            stage.fail(stage.BAD_DATA, f"{source}: {posting.account} is converted at a price, without a cost")
        at_cost = convert.get_cost(posting)
        cost = posting.cost
        yield {
            "date": entry.date.isoformat(),
            "entry": number,
            "line": line,
            "account": posting.account,
            "narration": narration,
            "number": text(posting.units.number),
            "currency": posting.units.currency,
            "cost_number": text(cost and cost.number),
            "cost_currency": cost.currency if cost else "",
            "amount": text(at_cost.number),
            "amount_currency": at_cost.currency,
            "tolerance": text(tolerances[at_cost.currency]),
            "source": source,
        }


def last_day(entries: list) -> date:
    return max(entry.date for entry in entries)


def main() -> None:
    path = ledger_path()
    directives, errors, options = loader.load_file(str(path))
    entries = [directive for directive in directives if isinstance(directive, Transaction)]
    if not entries:
        stage.fail(stage.BAD_DATA, f"{path} has no entries", *(error.message for error in errors[:5]))

    count = 0
    unfinished = stage.unfinished(stage.LINES_CSV)
    with localcontext() as exact, unfinished.open("w", newline="", encoding="utf-8") as file:
        # A product of quantity and cost that had to be rounded would be a wrong amount: rather stop.
        exact.traps[Inexact] = True
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number, entry in enumerate(entries, start=1):
            for line in lines_of(number, entry, options):
                writer.writerow(line)
                count += 1
    unfinished.replace(stage.LINES_CSV)

    print(f"extract: {path}: {count} lines of {len(entries)} entries, until {last_day(entries)}")
    for error in errors:
        place = f"{error.source.get('filename')}:{error.source.get('lineno')}"
        print(f"extract: warning: {place}: {error.message}")


if __name__ == "__main__":
    main()
