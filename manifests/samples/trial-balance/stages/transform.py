#!/usr/bin/env python3
"""Transform: loads the general-ledger lines into a database, checks every entry, computes the trial balance.

An entry must balance in each currency, at cost, within the tolerance that beancount infers for it. An entry that
doesn't is named in the last lines of the log, and the stage fails: a trial balance of wrong books helps nobody.
"""

import csv
import sqlite3
from decimal import Decimal
from pathlib import Path

import stage

SQL = Path(__file__).resolve().parent
SHOWN_FAULTS = 5  # a termination message has room for 2048 bytes


def read_lines() -> list[dict]:
    if not stage.LINES_CSV.is_file():
        stage.fail(stage.NO_INPUT, f"{stage.LINES_CSV} is not there: extract has to run first")
    with stage.LINES_CSV.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def days_of(period: str) -> dict[str, str]:
    year, month = map(int, period.split("-"))
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return {"first": f"{period}-01", "next": "%04d-%02d-01" % after}


def decimal_places(text: str) -> int:
    return len(text.partition(".")[2])


def digits_by_currency(lines: list[dict]) -> dict[str, int]:
    """How many decimal places each currency needs, so that no amount and no tolerance has to be rounded."""
    digits: dict[str, int] = {}
    for line in lines:
        needed = max(decimal_places(line["amount"]), decimal_places(line["tolerance"]))
        digits[line["amount_currency"]] = max(needed, digits.get(line["amount_currency"], 0))
    return digits


def load(database: sqlite3.Connection, lines: list[dict]) -> None:
    digits = digits_by_currency(lines)
    database.executescript((SQL / "schema.sql").read_text())
    database.executemany("INSERT INTO currency VALUES (?, ?)", sorted(digits.items()))

    def scaled(line: dict, column: str) -> int:
        return int(Decimal(line[column]).scaleb(digits[line["amount_currency"]]))

    database.executemany(
        "INSERT INTO ledger_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                int(line["entry"]), int(line["line"]), line["date"], line["account"], line["narration"],
                scaled(line, "amount"), line["amount_currency"], scaled(line, "tolerance"), line["source"],
            )
            for line in lines
        ),
    )  # fmt: skip


def check_period(lines: list[dict], period: str) -> None:
    months = [line["date"][:7] for line in lines]
    if not min(months) <= period <= max(months):
        stage.fail(
            stage.BAD_REQUEST, f"period {period} lies outside the ledger, that has {min(months)} to {max(months)}"
        )


def check_entries(database: sqlite3.Connection, days: dict[str, str]) -> None:
    """Fails if an entry until the end of the month doesn't balance. Later ones don't touch this report."""
    faults = database.execute(
        """
        SELECT r.date, r.narration, r.source, r.currency, c.digits, r.entry,
               r.debit, r.credit, r.residual, r.tolerance
        FROM entry_residual AS r JOIN currency AS c ON c.code = r.currency
        WHERE ABS(r.residual) > r.tolerance AND r.date < :next
        ORDER BY r.date, r.entry, r.currency
        """,
        days,
    ).fetchall()
    if not faults:
        return
    messages = []
    for date, narration, source, currency, digits, entry, *amounts in faults[:SHOWN_FAULTS]:
        debit, credit, residual, tolerance = (plain(amount, digits) for amount in amounts)
        messages.append(
            f'entry {entry} of {date} "{narration}" ({source}) does not balance:'
            f" debits {debit} {currency}, credits {credit} {currency},"
            f" difference {residual} {currency} (tolerated: {tolerance})"
        )
    if len(faults) > SHOWN_FAULTS:
        messages.append(f"and {len(faults) - SHOWN_FAULTS} more")
    stage.fail(stage.BAD_DATA, *messages)


def plain(amount: int, digits: int) -> str:
    """An amount for a person: no needless zeros, but two decimal places where the currency has them."""
    number = Decimal(amount).scaleb(-digits).normalize()
    places = max(-number.as_tuple().exponent, min(digits, 2))
    return f"{number:.{places}f}"


def main() -> None:
    period = stage.asked_period()
    days = days_of(period)
    lines = read_lines()
    check_period(lines, period)

    unfinished = stage.unfinished(stage.DATABASE)
    unfinished.unlink(missing_ok=True)
    database = sqlite3.connect(unfinished)
    load(database, lines)
    check_entries(database, days)
    for statement in ("trial_balance.sql", "tolerated_residual.sql"):
        database.execute((SQL / statement).read_text(), days)
    database.commit()
    accounts = database.execute("SELECT COUNT(DISTINCT account) FROM trial_balance").fetchone()[0]
    database.close()
    unfinished.replace(stage.DATABASE)
    print(f"transform: {period}: {len(lines)} lines loaded, {accounts} accounts, every entry balances")


if __name__ == "__main__":
    main()
