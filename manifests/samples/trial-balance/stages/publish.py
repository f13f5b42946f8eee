#!/usr/bin/env python3
"""Publish: prints the trial balance, and writes it as JSON to the workspace, after checking that it balances.

Purchases whose cost is not a whole number of cents leave residuals behind that beancount tolerates, so debits and
credits of real books seldom agree to the last digit. The check is exact all the same: they must differ by the sum of
the tolerated residuals, to the digit, and the report shows that sum.
"""

import json
import sqlite3
from decimal import Decimal

import stage

COLUMNS = ("opening", "debit", "credit", "closing")
SHOWN_PLACES = 2  # in the table; the JSON is exact


def read(database: sqlite3.Connection) -> list[dict]:
    """One dictionary for each currency: its accounts, totals and tolerated residuals, as integers."""
    database.row_factory = sqlite3.Row
    currencies = []
    for code, digits in database.execute("SELECT code, digits FROM currency ORDER BY code").fetchall():
        accounts = database.execute("SELECT * FROM trial_balance WHERE currency = ? ORDER BY account", [code])
        residual = database.execute("SELECT * FROM tolerated_residual WHERE currency = ?", [code]).fetchone()
        if residual is None:  # the currency is first used after the month
            continue
        rows = [dict(row) for row in accounts]
        currencies.append(
            {
                "currency": code,
                "digits": digits,
                "accounts": rows,
                "totals": {column: sum(row[column] for row in rows) for column in COLUMNS},
                "residual": dict(residual),
            }
        )
    return currencies


def faults_of(currency: dict) -> list[str]:
    """Why the trial balance of one currency does not balance; empty if it does."""
    code, totals, residual = currency["currency"], currency["totals"], currency["residual"]
    faults = []
    for what, difference, tolerated in (
        ("opening balances differ by", totals["opening"], residual["opening"]),
        ("debits and credits differ by", totals["debit"] - totals["credit"], residual["movement"]),
        ("closing balances differ by", totals["closing"], residual["closing"]),
    ):
        if difference != tolerated:
            exact = [Decimal(amount).scaleb(-currency["digits"]) for amount in (difference, tolerated)]
            faults.append(f"{code}: {what} {exact[0]:f}, of which only {exact[1]:f} is tolerated rounding")
    for row in currency["accounts"]:
        if row["opening"] + row["debit"] - row["credit"] != row["closing"]:
            faults.append(f"{code}: {row['account']}: opening + debit - credit is not closing")
    return faults


def exact(amounts: dict, digits: int, keys: tuple[str, ...]) -> dict[str, str]:
    return {key: f"{Decimal(amounts[key]).scaleb(-digits):f}" for key in keys}


def as_json(period: str, currencies: list[dict]) -> dict:
    """Amounts are strings, because a JSON number is a float for most readers."""
    return {
        "report": "trial-balance",
        "period": period,
        "currencies": [
            {
                "currency": c["currency"],
                "accounts": [{"account": r["account"], **exact(r, c["digits"], COLUMNS)} for r in c["accounts"]],
                "totals": exact(c["totals"], c["digits"], COLUMNS),
                "toleratedResiduals": {
                    "entries": c["residual"]["entries"],
                    **exact(c["residual"], c["digits"], ("opening", "movement", "closing", "largest")),
                },
            }
            for c in currencies
        ],
    }


def shown(amount: int, digits: int) -> str:
    rounded = round(Decimal(amount).scaleb(-digits), min(digits, SHOWN_PLACES))
    return f"{rounded if rounded else abs(rounded):,f}"  # abs: never -0.00


def print_currency(currency: dict) -> None:
    digits, residual = currency["digits"], currency["residual"]
    rows = [(row["account"], *(shown(row[column], digits) for column in COLUMNS)) for row in currency["accounts"]]
    total = (f"Total {currency['currency']}", *(shown(currency["totals"][column], digits) for column in COLUMNS))
    heading = (currency["currency"], *(column.capitalize() for column in COLUMNS))
    widths = [max(map(len, column)) for column in zip(heading, total, *rows, strict=True)]

    def line(cells: tuple[str, ...]) -> str:
        return "  ".join([cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))])

    rule = "  ".join("-" * width for width in widths)
    print(line(heading), rule, *map(line, rows), rule, line(total), sep="\n")
    if residual["entries"]:
        sums = exact(residual, digits, ("opening", "movement", "closing", "largest"))
        print(
            f"Rounding: {residual['entries']} entries leave a residual, none above {sums['largest']}; together"
            f" {sums['opening']} at the opening, {sums['movement']} in the month, {sums['closing']} at the closing."
        )
    print()


def main() -> None:
    period = stage.asked_period()
    if not stage.DATABASE.is_file():
        stage.fail(stage.NO_INPUT, f"{stage.DATABASE} is not there: transform has to run first")
    database = sqlite3.connect(stage.DATABASE)
    currencies = read(database)
    database.close()
    faults = [fault for currency in currencies for fault in faults_of(currency)]
    if faults:
        stage.fail(stage.BAD_DATA, *faults)

    print(f"Trial balance {period}, at cost\n")
    for currency in currencies:
        print_currency(currency)
    unfinished = stage.unfinished(stage.RESULT_JSON)
    unfinished.write_text(json.dumps(as_json(period, currencies), indent=1) + "\n", encoding="utf-8")
    unfinished.replace(stage.RESULT_JSON)


if __name__ == "__main__":
    main()
