"""The trial balance of a month, by beancount's own query language: the yardstick for the sample report.

It shares nothing with the report but the ledger: other program, other queries, beancount's own sums.
"""

import functools
import json
import os
import sys

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


if __name__ == "__main__":
    json.dump(expected(sys.argv[1], sys.argv[2]), sys.stdout, indent=1, sort_keys=True)
    print()
