#!/usr/bin/env python3
"""Extract: reads the stock from a database by ODBC, whichever it is.

All of it is read in one transaction that sees one moment (REPEATABLE READ): what others book meanwhile is not in it,
neither in the rows that come later nor in the sums that check them.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from decimal import Decimal

import pyodbc

import handover
from report_stage import stage
from report_stage.retries import retried

# In seconds: until a connection stands, and until a query answers.
LOGIN_TIMEOUT = int(os.environ.get("STOCK_LOGIN_TIMEOUT") or "15")
QUERY_TIMEOUT = int(os.environ.get("STOCK_QUERY_TIMEOUT") or "300")
FETCHED_ROWS = 1000
STOCK = "SELECT material, quantity FROM stock WHERE plant = ? ORDER BY material"
SUMS = "SELECT COUNT(*), SUM(quantity) FROM stock WHERE plant = ?"
# Of SQLSTATE, which is nearly the same for all databases: no connection, time is over, a deadlock or a conflict with
# others, a server that is starting or going down or has ended the query (PostgreSQL; MariaDB).
PASSING = ("08", "HYT", "40", "57", "HY018")
# MariaDB's driver has one state for much; its own number says that there is no server, or that the connection has gone.
PASSING_OF_MARIADB = re.compile(r"\((2002|2003|2006|2013)\)")


def may_pass(error: Exception) -> bool:
    if not isinstance(error, pyodbc.Error):
        return False
    return str(error.args[0]).startswith(PASSING) or bool(PASSING_OF_MARIADB.search(str(error.args[-1])))


def connect() -> pyodbc.Connection:
    text = os.environ.get("STOCK_ODBC")
    if not text:
        expected = "expected such as Driver=/usr/lib/…/odbc/psqlodbcw.so;Server=…;Database=…;UID=…;PWD=…"
        stage.fail(stage.NO_CONFIGURATION, f"STOCK_ODBC is not set, {expected}")
    connection = pyodbc.connect(text, timeout=LOGIN_TIMEOUT, autocommit=False)
    limit_queries(connection)
    connection.set_attr(pyodbc.SQL_ATTR_TXN_ISOLATION, pyodbc.SQL_TXN_REPEATABLE_READ)
    return connection


def limit_queries(connection: pyodbc.Connection) -> None:
    """Ends a query that takes too long. By the server where it can: not every driver does what ODBC has for it."""
    database = connection.getinfo(pyodbc.SQL_DBMS_NAME)
    if database == "PostgreSQL":
        connection.execute(f"SET statement_timeout = '{QUERY_TIMEOUT}s'")
    elif database == "MariaDB":
        connection.execute(f"SET SESSION max_statement_time = {QUERY_TIMEOUT}")
    else:
        connection.timeout = QUERY_TIMEOUT
    connection.commit()


def rows_of(cursor: pyodbc.Cursor, plant: str) -> Iterator[tuple[str, Decimal]]:
    cursor.execute(STOCK, plant)
    while batch := cursor.fetchmany(FETCHED_ROWS):
        yield from batch


def read(plant: str) -> tuple[list[list[str]], datetime]:
    """The stock of each material, and when it was so. Tried again, it begins with a connection of its own."""
    connection = connect()
    try:
        as_of = datetime.now(timezone.utc)
        with connection.cursor() as cursor:
            rows = list(rows_of(cursor, plant))
        with connection.cursor() as cursor:
            count, total = cursor.execute(SUMS, plant).fetchone()
    finally:
        connection.close()
    if (len(rows), sum(row[1] for row in rows)) != (count, total or 0):
        stage.fail(
            stage.BAD_DATA,
            f"{len(rows)} rows were read, and the database counts {count} of the same moment: is its isolation another"
            " than REPEATABLE READ?",
        )
    return [[material, str(quantity)] for material, quantity in rows], as_of


def main() -> None:
    plant = handover.plant()
    try:
        rows, as_of = retried(lambda: read(plant), may_pass=may_pass, what="stock")
    except pyodbc.Error as error:
        code = stage.UNAVAILABLE if may_pass(error) else stage.BAD_DATA
        stage.fail(code, f"the stock can't be read: {' '.join(str(error.args[-1]).split())}")
    handover.leave(handover.STOCK, rows, as_of)
    print(f"extract_stock: {len(rows)} materials of {plant}")


if __name__ == "__main__":
    stage.run(main)
