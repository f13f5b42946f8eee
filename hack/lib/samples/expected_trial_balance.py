"""The trial balance of a month, by beancount's own query language: the yardstick for the sample report.

It shares nothing with the report but the ledger: other program, other queries, beancount's own sums.
"""

import functools
import json
import os
import sys
from collections.abc import Iterable
from decimal import Decimal

os.environ.setdefault("BEANCOUNT_DISABLE_LOAD_CACHE", "1")

import beanquery  # noqa: E402

# One query for each column; {first} is the month's first day, {next} the day after its last.
QUERIES = {
    "opening": "SELECT account, sum(cost(position)) WHERE date < {first} GROUP BY account",
    "debit": "SELECT account, sum(cost(position)) WHERE date >= {first} AND date < {next} AND number > 0"
    " GROUP BY account",
    "credit": "SELECT account, neg(sum(cost(position))) WHERE date >= {first} AND date < {next} AND number < 0"
    " GROUP BY account",
    "closing": "SELECT account, sum(cost(position)) WHERE date < {next} GROUP BY account",
}


@functools.cache
def connect(ledger: str) -> beanquery.Connection:
    # Loading takes much longer than a query, and a caller may ask for several months.
    return beanquery.connect(f"beancount:{ledger}")


def month_bounds(period: str) -> dict[str, str]:
    year, month = int(period[:4]), int(period[5:])
    following = f"{year + 1}-01" if month == 12 else f"{year}-{month + 1:02}"
    return {"first": f"{period}-01", "next": f"{following}-01"}


@functools.cache
def expected(ledger: str, period: str) -> dict[str, dict[str, dict[str, str]]]:
    """`{currency: {account: {opening, debit, credit, closing}}}`, amounts as exact decimal text.

    An account is there when any column is not zero.
    """
    balances: dict[str, dict[str, dict[str, str]]] = {}
    for column, query in QUERIES.items():
        for account, inventory in connect(ledger).execute(query.format(**month_bounds(period))).fetchall():
            # sum() gives what an account holds of each currency.
            for position in inventory:
                amount = position.units
                if amount.number:
                    row = balances.setdefault(amount.currency, {}).setdefault(account, dict.fromkeys(QUERIES, "0"))
                    row[column] = format(amount.number, "f")
    return balances


def amounts_of(balances: dict[str, dict[str, dict[str, str]]]) -> dict[tuple[str, str, str], Decimal]:
    """By currency, account and column, to the cent; without zeros."""
    cents = {
        (currency, account, column): round(Decimal(text.replace(",", "")), 2)
        for currency, accounts in balances.items()
        for account, row in accounts.items()
        for column, text in row.items()
    }
    return {key: amount for key, amount in cents.items() if amount}


def parse_table(lines: Iterable[str]) -> dict[str, dict[str, dict[str, str]]]:
    """The accounts of the table that publish prints, shaped as `expected` has them."""
    balances: dict[str, dict[str, dict[str, str]]] = {}
    rows: dict[str, dict[str, str]] = {}
    for line in lines:
        name, *cells = line.split() or [""]
        if [cell.lower() for cell in cells] == list(QUERIES):
            rows = balances.setdefault(name, {})
        elif ":" in name and len(cells) == len(QUERIES):
            rows[name] = dict(zip(QUERIES, cells, strict=True))
    return balances


def differences(ledger: str, period: str, table: Iterable[str]) -> tuple[int, list[str]]:
    """How many balances of accounts were compared, and what differs."""
    wanted, found = amounts_of(expected(ledger, period)), amounts_of(parse_table(table))
    faults = [
        f"{' '.join(key)}: expected {wanted.get(key, 0)}, the report has {found.get(key, 0)}"
        for key in sorted(wanted.keys() | found.keys())
        if wanted.get(key) != found.get(key)
    ]
    return len({key[:2] for key in wanted}), faults


def main() -> None:
    ledger, period, *compare = sys.argv[1:]
    if not compare:
        print(json.dumps(expected(ledger, period), indent=1, sort_keys=True))
        return
    with sys.stdin if compare[1] == "-" else open(compare[1], encoding="utf-8") as table:
        count, faults = differences(ledger, period, table)
    if faults:
        sys.exit("\n".join(faults))
    print(f"{count} balances of accounts agree")


if __name__ == "__main__":
    main()
