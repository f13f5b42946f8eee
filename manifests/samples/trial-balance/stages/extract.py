#!/usr/bin/env python3
"""Extract: reads the ledger and loads its general-ledger lines, one for each posting until the end of the month, into
the warehouse's staging area.

Every amount is loaded as the exact decimal that was booked. Lines are passed on as they are, even when beancount finds
fault with them: judging the books is the next stage's work.
"""

import os
from collections.abc import Iterator
from decimal import Decimal, Inexact, localcontext
from pathlib import Path

from report_stage import stage

import area

# The loader would keep its cache beside the ledger, and a stage's image is not to be written to.
os.environ.setdefault("BEANCOUNT_DISABLE_LOAD_CACHE", "1")

from beancount import loader  # noqa: E402
from beancount.core import convert, interpolate  # noqa: E402
from beancount.core.data import Transaction  # noqa: E402

INSERT_CURRENCY = "INSERT INTO currency VALUES (%s, %s)"
INSERT_LINE = """
INSERT INTO ledger_line (entry, line, date, account, narration, amount, currency, tolerance, source)
VALUES (%(entry)s, %(line)s, %(date)s, %(account)s, %(narration)s, %(amount)s, %(currency)s, %(tolerance)s, %(source)s)
"""
LEDGERS = Path(os.environ.get("LEDGERS", "/ledgers"))
MOST_PLACES = 10  # behind the decimal point, see schema.sql: the server would round what has more


def ledger_path() -> Path:
    name = os.environ.get("REPORT_PARAM_LEDGER", "example")
    path = LEDGERS / f"{name}.beancount"
    # The name comes from a request: it may choose a ledger, but not leave the folder.
    if path.parent != LEDGERS or not path.is_file():
        stage.fail(stage.BAD_REQUEST, f"there is no ledger {name!r} in {LEDGERS}")
    return path


def lines_of(number: int, entry: Transaction, options: dict) -> Iterator[dict]:
    """The general-ledger lines of one entry. `number` identifies the entry within this ledger."""
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
        yield {
            "entry": number,
            "line": line,
            "date": entry.date,
            "account": posting.account,
            "narration": narration,
            "amount": at_cost.number,
            "currency": at_cost.currency,
            "tolerance": tolerances[at_cost.currency],
            "source": source,
        }


def decimal_places(number: Decimal) -> int:
    return max(0, -number.as_tuple().exponent)


def places_by_currency(lines: list[dict]) -> dict[str, int]:
    """How many decimal places each currency needs, so that no amount and no tolerance has to be rounded."""
    places: dict[str, int] = {}
    for line in lines:
        needed = max(decimal_places(line["amount"]), decimal_places(line["tolerance"]))
        if needed > MOST_PLACES:
            stage.fail(stage.BAD_DATA, f"{line['source']}: an amount with {needed} decimal places can't be staged")
        places[line["currency"]] = max(needed, places.get(line["currency"], 0))
    return places


def check_period(lines: list[dict], period: str) -> None:
    months = [f"{line['date']:%Y-%m}" for line in lines]
    if not min(months) <= period <= max(months):
        stage.fail(
            stage.BAD_REQUEST, f"period {period} lies outside the ledger, that has {min(months)} to {max(months)}"
        )


def main() -> None:
    period = stage.asked_period()
    path = ledger_path()
    directives, errors, options = loader.load_file(str(path))
    entries = [directive for directive in directives if isinstance(directive, Transaction)]
    if not entries:
        stage.fail(stage.BAD_DATA, f"{path} has no entries", *(error.message for error in errors[:5]))

    with localcontext() as exact:
        # A product of quantity and cost that had to be rounded would be a wrong amount: rather stop.
        exact.traps[Inexact] = True
        lines = [line for number, entry in enumerate(entries, start=1) for line in lines_of(number, entry, options)]
    check_period(lines, period)
    places = places_by_currency(lines)
    staged = [line for line in lines if line["date"] < stage.first_day_after(period)]
    area.STAGING.load(period, (INSERT_CURRENCY, sorted(places.items())), (INSERT_LINE, staged))

    last_day = max(line["date"] for line in staged)
    print(f"extract: {path}: {len(staged)} of {len(lines)} lines staged, until {last_day}")
    for error in errors:
        place = f"{error.source.get('filename')}:{error.source.get('lineno')}"
        print(f"extract: warning: {place}: {error.message}")


if __name__ == "__main__":
    stage.run(main)
