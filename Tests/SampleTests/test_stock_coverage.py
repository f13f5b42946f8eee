"""The sample "stock coverage": a SOAP service that pages, faults and changes under the reader, and stock by ODBC."""

import base64
import json
import os
import re
import sys
import threading
import unittest
from datetime import datetime, timezone
from decimal import Decimal
from unittest import mock
from urllib.parse import urlsplit

import bson
import pyodbc

from postgresql_server import PASSWORD, PostgreSQL
from sample_test_case import LIBRARY, SAMPLES, SampleTestCase
from soap_server import ERP, Fault, SoapServer

DRIVERS = f"/usr/lib/{os.uname().machine}-linux-gnu/odbc"
TYPES = {
    "material": str,
    "orders": int,
    **dict.fromkeys(("ordered", "stock", "missing", "amount"), bson.Decimal128),
}
ORDERS = [(f"{4500000000 + n}", f"M-{n % 7:03}", f"{n % 5 + 1}.125", f"{n}.10") for n in range(1, 1001)]
STOCK = [(f"M-{n:03}", Decimal(n * 100) + Decimal("0.5")) for n in range(6)]


class StockCoverageTestCase(SampleTestCase):
    sample = "stock-coverage"
    parameters = {"plant": "P100"}
    # Pauses between tries; a test waits for none.
    variables = {"RETRY_PAUSE": "0.01"}

    def erp(self, **options) -> ERP:
        erp = ERP(list(ORDERS), **options)
        server = SoapServer(erp)
        self.addCleanup(server.close)
        self.variables = {**self.variables, "ERP_WSDL": f"{server.address}?wsdl"}
        return erp

    def command(self, name: str, **options) -> dict:
        return super().command(name, **{**self.variables, **options})

    def orders(self) -> list[list[str]]:
        return json.loads((self.workspace / "orders.json").read_text())["rows"]

    def stock(self) -> list[list[str]]:
        return json.loads((self.workspace / "stock.json").read_text())["rows"]


class OrderTests(StockCoverageTestCase):
    """From the web service."""

    def test_all_pages_are_read_exactly(self):
        erp = self.erp()
        log = self.succeed("extract_orders", ERP_PAGE_SIZE="300")
        self.assertEqual(log, "extract_orders: 1000 open orders of P100\n")
        self.assertEqual(self.orders(), [list(order) for order in ORDERS])
        self.assertEqual(erp.calls, [1, 2, 3, 4])

    def test_what_changes_under_the_reader_is_read_anew(self):
        erp = self.erp(changes={2})
        log = self.succeed("extract_orders", ERP_PAGE_SIZE="300")
        self.assertIn("the orders changed meanwhile (revision 1 became 2, seen on page 3): reading 1 of 5 ends", log)
        # Pages 3 of the old and the new revision don't fit together: each order would be moved by one.
        self.assertEqual(erp.calls, [1, 2, 3, 1, 2, 3, 4])
        orders = self.orders()
        self.assertEqual(orders, [list(order) for order in erp.orders])
        self.assertEqual((len(orders), orders[0][1]), (1001, "M-NEW"))

    def test_without_that_look_an_order_would_be_there_twice(self):
        erp = self.erp(changes={2})
        pages = [erp.answer("P100", page, 300) for page in (1, 2, 3, 4)]
        self.assertEqual("".join(pages).count("<t:number>4500000600</t:number>"), 2)
        self.assertNotIn("<t:number>N1</t:number>", "".join(pages))

    def test_orders_that_change_all_the_time_are_given_up(self):
        erp = self.erp(changes=set(range(1, 100)))
        self.assertIn("changed in each of 5 readings", self.fails(69, "extract_orders", ERP_PAGE_SIZE="300"))
        self.assertEqual(len(erp.calls), 10)
        self.assertFalse((self.workspace / "orders.json").exists())

    def test_faults_of_the_servers_and_broken_answers_are_tried_again(self):
        busy = Fault("soap:Server.Busy", "batch run in progress")
        erp = self.erp(faults=[None, busy, Fault(status=503), Fault(status=429), None, busy])
        log = self.succeed("extract_orders", ERP_PAGE_SIZE="300")
        self.assertIn("page 2: Fault: batch run in progress; again in 0.01 s, try 2 of 5", log)
        self.assertIn("page 2: TransportError: ", log)
        self.assertIn("page 3: Fault: batch run in progress", log)
        self.assertEqual(erp.calls, [1, 2, 3, 4])
        self.assertEqual(len(self.orders()), 1000)

    def test_faults_that_stay_are_the_last_words(self):
        self.erp(faults=[Fault("soap:Server", "the ledger is closed")] * 5)
        self.assertIn("the ERP answers with a fault: the ledger is closed", self.fails(69, "extract_orders"))
        erp = self.erp(faults=[Fault("soap:Client", "plant P100 is not yours")])
        self.assertIn("a fault: plant P100 is not yours", self.fails(64, "extract_orders"))
        self.assertEqual(erp.faults, [])

    def test_server_that_hangs_is_left_after_the_timeout(self):
        erp = self.erp(faults=[Fault(seconds=60)])
        begin = datetime.now()
        log = self.succeed("extract_orders", ERP_TIMEOUT="0.5")
        self.assertIn("page 1: ReadTimeout: ", log)
        self.assertLess((datetime.now() - begin).total_seconds(), 30)
        self.assertEqual(len(erp.orders), len(self.orders()))

    def test_server_that_is_not_there_and_passwords(self):
        password = "Basic " + base64.b64encode(b"reports:secret-word").decode()
        self.erp(password=password)
        self.assertIn("the ERP can't be read: HTTPError: 401", self.fails(69, "extract_orders"))
        self.succeed("extract_orders", ERP_USER="reports", ERP_PASSWORD="secret-word")
        absent = {"ERP_WSDL": "http://127.0.0.1:9/orders?wsdl", "ERP_USER": "reports", "ERP_PASSWORD": "secret-word"}
        result = self.run_stage("extract_orders", **absent)
        self.assertEqual(result.returncode, 69)
        self.assertIn("try 5 of 5", result.stdout)
        self.assertNotIn("Traceback", result.stderr)
        self.assertNotIn("secret-word", result.stdout + result.stderr)
        self.assertIn("ERP_WSDL is not set", self.fails(78, "extract_orders", ERP_WSDL=""))

    def test_pages_that_are_not_what_the_erp_says(self):
        self.erp(total=999)
        self.assertIn("says that there are 999 open orders", self.fails(65, "extract_orders"))
        erp = self.erp()
        erp.orders[500] = erp.orders[499]
        self.assertIn("order 4500000500 is on more than one page", self.fails(65, "extract_orders"))


class OdbcTests:
    """The same for each database; what is special to one is in its class."""

    def test_stock_is_read_exactly(self):
        self.fill(STOCK)
        log = self.succeed("extract_stock")
        self.assertEqual(log, f"extract_stock: {len(STOCK)} materials of P100\n")
        self.assertEqual([[name, Decimal(number)] for name, number in self.stock()], [list(row) for row in STOCK])
        self.succeed("extract_stock", plant="P200")
        self.assertEqual(self.stock(), [])

    def test_change_midway_is_not_in_it(self):
        self.fill([(f"M-{n:05}", Decimal(1)) for n in range(5000)])
        extract = self.module()
        with mock.patch.dict(os.environ, self.variables):
            connection = extract.connect()
        self.addCleanup(connection.close)
        rows = extract.rows_of(connection.cursor(), "P100")
        read = [next(rows) for _ in range(1500)]
        # Others book meanwhile: from a material that was read to one that wasn't, a new one, and one that goes.
        other = pyodbc.connect(self.variables["STOCK_ODBC"], autocommit=True, timeout=5)
        other.execute("UPDATE stock SET quantity = 0 WHERE material = 'M-00001'")
        other.execute("UPDATE stock SET quantity = 2 WHERE material = 'M-04000'")
        other.execute("INSERT INTO stock VALUES ('P100', 'M-99999', 7)")
        other.execute("DELETE FROM stock WHERE material = 'M-04500'")
        other.close()
        read += list(rows)
        self.assertEqual([row[1] for row in read], [Decimal(1)] * 5000)
        with connection.cursor() as cursor:
            self.assertEqual(tuple(cursor.execute(extract.SUMS, "P100").fetchone()), (5000, Decimal(5000)))
        # The next reading has it all.
        self.succeed("extract_stock")
        self.assertEqual(len(self.stock()), 5000)
        self.assertEqual(sum(Decimal(row[1]) for row in self.stock()), 5000 - 1 + 1 + 7 - 1)

    def test_query_that_takes_too_long_is_ended_and_tried_again(self):
        self.fill(STOCK)
        extract = self.module()
        with mock.patch.dict(os.environ, self.variables), mock.patch.object(extract, "QUERY_TIMEOUT", 1):
            connection = extract.connect()
        self.addCleanup(connection.close)
        begin = datetime.now()
        with self.assertRaises(pyodbc.Error) as raised:
            connection.execute(self.slow).fetchall()
        self.assertLess((datetime.now() - begin).total_seconds(), 15)
        self.assertTrue(extract.may_pass(raised.exception), raised.exception.args)

    def test_server_that_is_not_there_is_tried_again_and_then_named(self):
        odbc = re.sub(r"Port=\d+", "Port=9", self.variables["STOCK_ODBC"])
        result = self.run_stage("extract_stock", STOCK_ODBC=odbc)
        self.assertEqual(result.returncode, 69, result.stderr)
        self.assertIn("try 5 of 5", result.stdout)
        self.assertIn("the stock can't be read: ", result.stderr.splitlines()[-1])

    def test_faults_that_stay_are_said_without_the_password(self):
        text = self.variables["STOCK_ODBC"]
        for odbc, words in (
            (text.replace("PWD=", "PWD=not-"), "can't be read"),
            (text.replace(self.driver, f"{DRIVERS}/absent.so"), "can't be read"),
        ):
            result = self.run_stage("extract_stock", STOCK_ODBC=odbc)
            self.assertIn(result.returncode, (65, 69))
            self.assertIn(words, result.stderr.splitlines()[-1])
            self.assertNotIn("Traceback", result.stderr)
            self.assertNotIn(self.password, result.stdout + result.stderr)
        self.assertIn("can't be read", self.fails(65, "extract_stock"), "there is no table")
        self.assertIn("STOCK_ODBC is not set", self.fails(78, "extract_stock", STOCK_ODBC=""))

    def fill(self, rows: list[tuple[str, Decimal]]) -> None:
        with pyodbc.connect(self.variables["STOCK_ODBC"], autocommit=True, timeout=5) as connection:
            connection.execute("DROP TABLE IF EXISTS stock")
            connection.execute(
                "CREATE TABLE stock (plant VARCHAR(16) NOT NULL, material VARCHAR(32) NOT NULL PRIMARY KEY,"
                " quantity DECIMAL(20,3) NOT NULL)"
            )
            if rows:
                connection.cursor().executemany("INSERT INTO stock VALUES ('P100', ?, ?)", rows)
        connection.close()

    def module(self):
        """The stage, in this process."""
        for path in (LIBRARY, SAMPLES / "stock-coverage/stages"):
            if str(path) not in sys.path:
                sys.path.insert(0, str(path))
        import extract_stock

        return extract_stock


class MariaDBTests(OdbcTests, StockCoverageTestCase):
    driver = f"{DRIVERS}/libmaodbc.so"
    # SLEEP and BENCHMARK are ended without an error.
    slow = "SELECT COUNT(*) FROM " + ", ".join(f"information_schema.columns {name}" for name in "abcd")

    def setUp(self):
        super().setUp()
        place = urlsplit(os.environ["WAREHOUSE_DSN"])
        self.password = place.password
        self.variables = {
            **self.variables,
            "STOCK_ODBC": f"Driver={self.driver};Server={place.hostname};Port={place.port};Database={place.path[1:]};"
            f"UID={place.username};PWD={place.password}",
        }

    def test_report_of_both_sources_agrees_with_counting_one_by_one(self):
        self.fill(STOCK)
        self.erp()
        table = self.succeed("extract_orders", "extract_stock", "publish")
        stock = dict(STOCK)
        wanted = {}
        for _, material, quantity, amount in ORDERS:
            row = wanted.setdefault(material, [0, Decimal(), stock.get(material, Decimal()), Decimal(), Decimal()])
            row[0] += 1
            row[1] += Decimal(quantity)
            row[4] += Decimal(amount)
            row[3] = max(Decimal(), row[1] - row[2])
        rows = {row["material"]: row for row in self.stored_rows()}
        self.assertEqual(list(rows), sorted(wanted))
        for material, values in wanted.items():
            row = list(rows[material].values())[1:]
            self.assertEqual([row[0], *(value.to_decimal() for value in row[1:])], values)
        self.assert_typed(TYPES)
        self.assertRegex(table, r"Total +1,000 +500,600\.00")
        read_at = [
            datetime.fromisoformat(json.loads((self.workspace / f"{name}.json").read_text())["asOf"])
            for name in ("orders", "stock")
        ]
        as_of = self.header()["asOf"].replace(tzinfo=timezone.utc)
        self.assertLess(abs((as_of - min(read_at)).total_seconds()), 0.01)

    def test_stages_in_the_wrong_order_and_of_another_plant(self):
        self.fill(STOCK)
        self.assertIn("extract_orders has to run first", self.fails(66, "publish"))
        self.erp()
        self.succeed("extract_orders")
        self.assertIn("extract_stock has to run first", self.fails(66, "publish"))
        self.succeed("extract_stock", plant="P200")
        self.assertIn("stock.json is of P200, and this is a report on P100", self.fails(65, "publish"))
        self.assertIn("expected a plant", self.fails(64, "extract_stock", plant="p 100"))


class PostgreSQLTests(OdbcTests, StockCoverageTestCase):
    driver = f"{DRIVERS}/psqlodbcw.so"
    slow = "SELECT pg_sleep(30)"
    password = PASSWORD

    @classmethod
    def setUpClass(cls):
        cls.server = PostgreSQL()
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        super().setUp()
        # In pieces, as one reads what is large: else the driver takes all rows at once.
        odbc = self.server.odbc(self.driver, more="UseDeclareFetch=1;Fetch=500")
        self.variables = {**self.variables, "STOCK_ODBC": odbc}
        with pyodbc.connect(odbc, autocommit=True, timeout=5) as connection:
            connection.execute("DROP TABLE IF EXISTS stock")
        connection.close()

    def test_server_that_restarts_is_waited_for(self):
        self.fill(STOCK)
        self.server.stop()
        started = threading.Timer(1.5, self.server.start)
        started.start()
        self.addCleanup(started.join)
        log = self.succeed("extract_stock", RETRY_PAUSE="0.5")
        self.assertIn("stock: OperationalError: ", log)
        self.assertIn("try 2 of 5", log)
        self.assertEqual(len(self.stock()), len(STOCK))


if __name__ == "__main__":
    unittest.main()
