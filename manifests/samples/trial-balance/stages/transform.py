#!/usr/bin/env python3
"""Transform: checks every staged entry and computes the trial balance, both in the warehouse.

An entry must balance in each currency, at cost, within the tolerance that beancount infers for it. An entry that
doesn't is named in the last lines of the log, and the stage fails: a trial balance of wrong books helps nobody.
"""

from decimal import Decimal
from pathlib import Path

import pymysql
from report_stage import stage
from report_stage.warehouse import connect_to_warehouse

import area

SQL = Path(__file__).resolve().parent


def check_entries(cursor: pymysql.cursors.Cursor) -> None:
    """Fails if an entry doesn't balance. Entries after the month are not staged: they don't touch this report."""
    cursor.execute(
        """
        SELECT r.date, r.narration, r.source, r.currency, c.digits, r.entry,
               r.debit, r.credit, r.residual, r.tolerance
        FROM entry_residual AS r JOIN currency AS c ON c.code = r.currency
        WHERE ABS(r.residual) > r.tolerance
        ORDER BY r.date, r.entry, r.currency
        """
    )
    messages = []
    for date, narration, source, currency, digits, entry, *amounts in cursor.fetchall():
        debit, credit, residual, tolerance = (plain(amount, digits) for amount in amounts)
        messages.append(
            f'entry {entry} of {date} "{narration}" ({source}) does not balance:'
            f" debits {debit} {currency}, credits {credit} {currency},"
            f" difference {residual} {currency} (tolerated: {tolerance})"
        )
    stage.fail_for(messages)


def plain(amount: Decimal, digits: int) -> str:
    """An amount for a person: no needless zeros, but two decimal places where the currency has them."""
    number = amount.normalize()
    places = max(-number.as_tuple().exponent, min(digits, 2))
    return f"{number:.{places}f}"


def main() -> None:
    period = stage.asked_period()
    warehouse = connect_to_warehouse()
    warehouse.begin()
    with warehouse.cursor() as cursor:
        area.STAGING.require_own(cursor, period)
        check_entries(cursor)
        for table in ("trial_balance", "tolerated_residual"):
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute((SQL / f"{table}.sql").read_text(encoding="utf-8"), {"first": f"{period}-01"})
        cursor.execute("SELECT COUNT(*) FROM ledger_line")
        (lines,) = cursor.fetchone()
        cursor.execute("SELECT COUNT(DISTINCT account) FROM trial_balance")
        (accounts,) = cursor.fetchone()
    warehouse.commit()
    warehouse.close()
    print(f"transform: {period}: {lines} lines, {accounts} accounts, every entry balances")


if __name__ == "__main__":
    stage.run(main)
