#!/usr/bin/env python3
"""Publish: checks that the trial balance balances, prints it, and writes it to MongoDB and, as JSON, to the workspace.

Purchases whose cost is not a whole number of cents leave residuals behind that beancount tolerates, so debits and
credits of real books seldom agree to the last digit. The check is exact all the same: they must differ by the sum of
the tolerated residuals, to the digit, and the report shows that sum.
"""

import json
from datetime import datetime
from decimal import Decimal

import pymysql
from report_stage import results, stage
from report_stage.table import print_table
from report_stage.warehouse import connect_to_warehouse

import area

COLUMNS = ("opening", "debit", "credit", "closing")
RESULT_JSON = stage.WORKSPACE / "trial-balance.json"
SHOWN_PLACES = 2  # in the table; the JSON is exact


def read(cursor: pymysql.cursors.DictCursor) -> list[dict]:
    """One dictionary for each currency: its accounts, totals and tolerated residuals, as exact decimals."""
    currencies = []
    cursor.execute("SELECT code, digits FROM currency ORDER BY code")
    for code, digits in [(row["code"], row["digits"]) for row in cursor.fetchall()]:
        cursor.execute("SELECT * FROM tolerated_residual WHERE currency = %s", [code])
        residual = cursor.fetchone()
        if residual is None:  # the currency is first used after the month
            continue
        cursor.execute("SELECT * FROM trial_balance WHERE currency = %s ORDER BY account", [code])
        rows = cursor.fetchall()
        currencies.append(
            {
                "currency": code,
                "digits": digits,
                "accounts": rows,
                "totals": {column: sum(row[column] for row in rows) for column in COLUMNS},
                "residual": residual,
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
            amounts = [with_places(amount, currency["digits"]) for amount in (difference, tolerated)]
            faults.append(f"{code}: {what} {amounts[0]}, of which only {amounts[1]} is tolerated rounding")
    for row in currency["accounts"]:
        if row["opening"] + row["debit"] - row["credit"] != row["closing"]:
            faults.append(f"{code}: {row['account']}: opening + debit - credit is not closing")
    return faults


def with_places(amount: Decimal, digits: int) -> Decimal:
    """The amount with as many decimal places as its currency has; nothing is rounded by that."""
    return Decimal(f"{amount:.{digits}f}")


def exact(amounts: dict, digits: int, keys: tuple[str, ...]) -> dict[str, str]:
    return {key: f"{with_places(amounts[key], digits):f}" for key in keys}


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


def shown(amount: Decimal, digits: int) -> str:
    rounded = round(amount, min(digits, SHOWN_PLACES))
    return f"{rounded if rounded else abs(rounded):,f}"  # abs: never -0.00


def print_currency(currency: dict) -> None:
    digits, residual = currency["digits"], currency["residual"]
    rows = [(row["account"], *(shown(row[column], digits) for column in COLUMNS)) for row in currency["accounts"]]
    total = (f"Total {currency['currency']}", *(shown(currency["totals"][column], digits) for column in COLUMNS))
    heading = (currency["currency"], *(column.capitalize() for column in COLUMNS))
    print_table(heading, rows, total)
    if residual["entries"]:
        sums = exact(residual, digits, ("opening", "movement", "closing", "largest"))
        print(
            f"Rounding: {residual['entries']} entries leave a residual, none above {sums['largest']}; together"
            f" {sums['opening']} at the opening, {sums['movement']} in the month, {sums['closing']} at the closing."
        )
    print()


def publish_rows(period: str, currencies: list[dict], as_of: datetime) -> None:
    """One row for each account and currency."""
    month = stage.first_day_after(period, months=0)
    types = {"month": "date", "currency": "string", "account": "string", **dict.fromkeys(COLUMNS, "decimal")}
    results.publish(
        types,
        (
            [month, c["currency"], r["account"], *(with_places(r[column], c["digits"]) for column in COLUMNS)]
            for c in currencies
            for r in c["accounts"]
        ),
        as_of=as_of,
    )


def main() -> None:
    period = stage.asked_period()
    warehouse = connect_to_warehouse()
    warehouse.begin()
    with warehouse.cursor(pymysql.cursors.Cursor) as cursor:
        as_of = area.STAGING.require_own(cursor, period)
    with warehouse.cursor(pymysql.cursors.DictCursor) as cursor:
        currencies = read(cursor)
    warehouse.close()
    if not currencies:
        stage.fail(stage.NO_INPUT, "there is no trial balance: transform has to run first")
    stage.fail_for(fault for currency in currencies for fault in faults_of(currency))

    print(f"Trial balance {period}, at cost\n")
    for currency in currencies:
        print_currency(currency)
    unfinished = stage.unfinished(RESULT_JSON)
    unfinished.write_text(json.dumps(as_json(period, currencies), indent=1) + "\n", encoding="utf-8")
    unfinished.replace(RESULT_JSON)
    publish_rows(period, currencies, as_of)


if __name__ == "__main__":
    stage.run(main)
