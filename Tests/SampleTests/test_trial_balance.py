"""The stages of the sample "trial balance", run outside any cluster and compared with beancount's own query tool."""

import hashlib
import json
import subprocess
import sys
from datetime import datetime, timezone
from decimal import Decimal

import bson

from sample_test_case import LEDGERS, ROOT, SAMPLES, SampleTestCase

EXAMPLE = str(LEDGERS / "example.beancount")
COLUMNS = ("opening", "debit", "credit", "closing")

# The first month, a year's end, months with and without purchases of shares, the request's month, the last one.
MONTHS = ("2020-01", "2020-12", "2026-03", "2026-10", "2026-12")

sys.path.insert(0, str(ROOT / "hack/lib/samples"))

from expected_trial_balance import differences, expected  # noqa: E402


class TrialBalanceTests(SampleTestCase):
    sample = "trial-balance"
    parameters = {"period": "2026-10", "ledger": "example"}

    def published(self) -> dict:
        return json.loads((self.workspace / "trial-balance.json").read_text())

    def amounts(self) -> dict[tuple[str, str, str], Decimal]:
        """What was published, by currency, account and column; without zeros."""
        return {
            (currency["currency"], row["account"], column): Decimal(row[column])
            for currency in self.published()["currencies"]
            for row in currency["accounts"]
            for column in COLUMNS
            if Decimal(row[column])
        }

    def expected_amounts(self, period: str) -> dict[tuple[str, str, str], Decimal]:
        return {
            (currency, account, column): Decimal(row[column])
            for currency, accounts in expected(EXAMPLE, period).items()
            for account, row in accounts.items()
            for column in COLUMNS
            if Decimal(row[column])
        }

    def test_every_account_agrees_with_the_query_tool(self):
        compared = 0
        for period in MONTHS:
            with self.subTest(period=period):
                table = self.succeed("extract", "transform", "publish", period=period)
                self.assertEqual(differences(EXAMPLE, period, table.splitlines())[1], [])
                amounts = self.amounts()
                # Not to the cent: to the last digit.
                self.assertEqual(amounts, self.expected_amounts(period))
                self.assertEqual(self.stored_amounts(), amounts)
                compared += len({key[:2] for key in amounts})
        print(f"\n{compared} balances of accounts compared in {len(MONTHS)} months", file=sys.stderr)

    def test_comparison_of_the_table_notices_a_missing_cent(self):
        table = self.succeed("extract", "transform", "publish")
        for old, new in (("5,336.94", "5,336.95"), ("Expenses:Home:Rent ", "Expenses:Home:Fuel ")):
            lines = table.replace(old, new).splitlines()
            self.assertTrue(differences(EXAMPLE, "2026-10", lines)[1])

    def test_debits_and_credits_differ_by_the_tolerated_rounding_alone(self):
        self.succeed("extract", "transform", "publish", period="2026-03")
        dollars = next(c for c in self.published()["currencies"] if c["currency"] == "USD")
        totals, residuals = dollars["totals"], dollars["toleratedResiduals"]
        self.assertEqual(Decimal(totals["debit"]) - Decimal(totals["credit"]), Decimal(residuals["movement"]))
        self.assertNotEqual(Decimal(residuals["movement"]), 0, "choose a month with purchases of shares")
        self.assertLessEqual(Decimal(residuals["largest"]), Decimal("0.005"))

    def test_broken_entry_fails_transform_and_is_named_last(self):
        self.assertIn("warning", self.succeed("extract", ledger="broken"))
        last = self.fails(65, "transform", ledger="broken")
        for part in ("2026-10-07", "Buying groceries", "broken.beancount:7713", "47.47 USD", "-27.00 USD"):
            self.assertIn(part, last)
        self.assertIn("transform has to run first", self.fails(66, "publish"))
        self.assertEqual(self.stored.report_results.count_documents({}), 0)

    def test_entry_that_is_broken_later_leaves_earlier_months_alone(self):
        self.succeed("extract", "transform", "publish", period="2026-09", ledger="broken")
        self.assertEqual(self.amounts(), self.expected_amounts("2026-09"))

    def test_stages_may_run_twice(self):
        self.succeed("extract", "transform", "publish")
        first, header, buckets = self.published(), self.header(), list(self.stored.report_rows.find())
        self.succeed("extract", "extract", "transform", "transform", "publish", "publish")
        self.assertEqual(self.published(), first)
        again = self.header()
        own = {name: None for name in ("publication", "asOf", "publishedAt")}
        self.assertEqual({**again, **own}, {**header, **own})
        self.assertNotEqual(again["publication"], header["publication"])
        self.assertGreater(again["asOf"], header["asOf"])
        # What was published before stays as it was, for whoever is reading it.
        self.assertEqual(list(self.stored.report_rows.find({"publication": header["publication"]})), buckets)
        self.assertEqual([path.name for path in self.workspace.glob("*.unfinished")], [])

    def test_publish_refuses_a_trial_balance_that_lost_an_account(self):
        self.succeed("extract", "transform")
        self.sql("DELETE FROM trial_balance WHERE account = 'Assets:US:BofA:Checking'")
        self.assertIn("closing balances differ", self.fails(65, "publish"))
        self.assertFalse((self.workspace / "trial-balance.json").exists())
        self.assertEqual(self.stored.report_rows.count_documents({}), 0)

    def test_requests_that_no_ledger_can_satisfy(self):
        for stage, parameters, words in (
            ("extract", {"period": "2031-01"}, "outside the ledger"),
            ("extract", {"period": "2026-13"}, "expected a month"),
            ("transform", {"period": "2026-13"}, "expected a month"),
            ("extract", {"ledger": "../ledgers/example"}, "no ledger"),
            ("extract", {"ledger": "absent"}, "no ledger"),
        ):
            with self.subTest(stage=stage, **parameters):
                self.assertIn(words, self.fails(64, stage, **parameters))

    def test_servers_that_are_missing_are_named_without_their_passwords(self):
        self.assertIn("WAREHOUSE_DSN is not set", self.fails(78, "extract", WAREHOUSE_DSN=""))
        dsn = "mysql://warehouse:secret-word@127.0.0.1:9/warehouse"
        result = self.run_stage("extract", WAREHOUSE_DSN=dsn)
        self.assertEqual(result.returncode, 69)
        self.assertIn("Can't connect", result.stderr)
        self.assertNotIn("secret-word", result.stdout + result.stderr)
        # Without MongoDB the printed table is the report.
        self.assertIn("no rows are written", self.succeed("extract", "transform", "publish", MONGODB_URI=""))

    # The stored result

    def stored_amounts(self, report: str = "report") -> dict[tuple[str, str, str], Decimal]:
        """Without zeros."""
        return {
            (row["currency"], row["account"], column): row[column].to_decimal()
            for row in self.stored_rows(report)
            for column in COLUMNS
            if row[column].to_decimal()
        }

    def test_stored_rows_are_typed(self):
        self.succeed("extract", "transform", "publish", attempt=2)
        bucket = self.stored.report_rows.find_one()
        publication = self.header()["publication"]
        self.assertEqual(bucket["_id"], f"report/2/{publication}/0")
        self.assertEqual(len(publication), 32)
        self.assertEqual(
            [column["type"] for column in bucket["columns"]], ["date", "string", "string", *["decimal"] * 4]
        )
        kinds = {tuple(type(value) for value in row) for row in bucket["rows"]}
        self.assertEqual(kinds, {(datetime, str, str, *[bson.Decimal128] * 4)})
        header = self.header()
        self.assertEqual((header["attempt"], header["buckets"], header["rows"]), (2, 1, len(bucket["rows"])))

    def test_late_older_attempt_does_not_replace_a_newer_one(self):
        self.succeed("extract", "transform")
        self.succeed("publish", attempt=2)
        before = self.header()
        self.assertIn("a later attempt than 1", self.fails(65, "publish", attempt=1))
        self.assertEqual(self.header(), before)
        self.succeed("publish", attempt=3)
        self.assertEqual(self.header()["attempt"], 3)

    def test_rows_are_cut_into_buckets_below_one_megabyte(self):
        types = ("n:integer", "text:string", "amount:decimal", "day:date")
        program = [sys.executable, "-m", "report_stage.results", *types]
        rows = [f"{n}\t{'x' * 1000}\t{n}.25\t2026-10-31" for n in range(5000)]
        environment = self.command("publish")["env"]

        def publish(lines: list[str]) -> subprocess.CompletedProcess:
            text = "".join(f"{line}\n" for line in lines)
            return subprocess.run(program, env=environment, input=text, text=True, capture_output=True, check=False)

        self.assertEqual(publish(rows).stdout, "publish-rows: 5000 rows in 6 buckets\n")
        buckets = sorted(self.stored.report_rows.find(), key=lambda bucket: bucket["n"])
        self.assertEqual([bucket["n"] for bucket in buckets], list(range(6)))
        self.assertLess(max(len(bson.encode(bucket)) for bucket in buckets), 1_000_000)
        self.assertEqual([row[0] for bucket in buckets for row in bucket["rows"]], list(range(5000)))
        self.assertEqual(self.header()["buckets"], 6)
        # One wrong field, and nothing of it is written.
        before = self.header()
        self.assertEqual(publish([*rows[:3], "3\tx\tmuch\t2026-10-31"]).returncode, 65)
        self.assertEqual(self.header(), before)

    def publish(self, *arguments: str, text: str = "a\t1\n", **options) -> subprocess.CompletedProcess:
        """What stages in shell publish with."""
        program = [sys.executable, "-m", "report_stage.results", *arguments]
        environment = self.command("publish", REPORT_STAGE="typeset", **options)["env"]
        return subprocess.run(program, env=environment, input=text, text=True, capture_output=True, check=False)

    def test_result_says_when_its_source_was_read(self):
        self.succeed("extract", "transform", "publish")
        ((loaded_at,),) = self.sql("SELECT UNIX_TIMESTAMP(loaded_at) FROM staging_area")
        as_of = self.header()["asOf"].replace(tzinfo=timezone.utc)
        self.assertEqual(as_of, datetime.fromtimestamp(float(loaded_at), timezone.utc))
        columns = "name:string", "n:integer"
        self.assertEqual(self.publish("--as-of", "2026-11-01T06:00:00+01:00", *columns).returncode, 0)
        self.assertEqual(self.header()["asOf"], datetime(2026, 11, 1, 5))
        self.assertEqual(self.publish(*columns).returncode, 0)
        self.assertNotIn("asOf", self.header())
        for wrong in ("2026-11-01T06:00:00", "yesterday"):
            self.assertIn("--as-of", self.publish("--as-of", wrong, *columns).stderr)

    def test_columns_of_every_type(self):
        columns = "month:month", "at:timestamp", "done:boolean"
        self.assertEqual(self.publish(*columns, text="2026-10\t2026-10-31T13:45:00Z\ttrue\n\t\t\n").returncode, 0)
        rows = [list(row.values()) for row in self.stored_rows()]
        self.assertEqual(rows, [[datetime(2026, 10, 1), datetime(2026, 10, 31, 13, 45), True], [None] * 3])
        for line in ("2026-13\t\t", "\t2026-10-31\t", "\t\tyes"):
            self.assertIn("line 1, column ", self.publish(*columns, text=f"{line}\n").stderr)
        self.assertIn("'sum:money' is not NAME:TYPE", self.publish("sum:money").stderr)

    def test_file_of_a_stage_counts_once_the_result_names_it(self):
        path = self.workspace / "report.pdf"
        content = b"%PDF-1.7\n" + bytes(range(256)) * 3000
        path.write_bytes(content)
        arguments = f"--file=pdf={path}", "name:string", "n:integer"
        for _ in range(2):
            self.assertEqual(self.publish(*arguments, attempt=2).returncode, 0)
        digest = hashlib.sha256(content).hexdigest()
        name = f"report/2/typeset/{digest}"
        expected = {"pdf": {"name": name, "sha256": digest, "size": len(content)}}
        self.assertEqual(self.header()["files"], expected)
        self.assertEqual(self.stored.report_stage_files.files.count_documents({}), 1)
        # As GridFS has it: the document by its name, and its chunks in their order.
        file = self.stored.report_stage_files.files.find_one({"filename": name})
        self.assertEqual((file["length"], file["chunkSize"]), (len(content), 255 * 1024))
        chunks = list(self.stored.report_stage_files.chunks.find({"files_id": file["_id"]}).sort("n"))
        self.assertEqual(b"".join(chunk["data"] for chunk in chunks), content)
        self.assertEqual({len(chunk["data"]) for chunk in chunks[:-1]}, {255 * 1024})
        # The next publication without it takes it back.
        self.assertEqual(self.publish(*arguments[1:], attempt=2).returncode, 0)
        self.assertNotIn("files", self.header())

    def test_file_that_is_none_is_refused(self):
        before = self.header()
        (self.workspace / "page.html").write_text("<p>")
        for argument, code, words in (
            ("pdf=page.html", 65, "begins otherwise than a pdf file does"),
            ("doc=page.html", 65, "'doc' is no format; there are pdf, xlsx, csv, html, json"),
            ("pdf=absent.pdf", 66, "No such file"),
        ):
            kind, _, name = argument.partition("=")
            result = self.publish(f"--file={kind}={self.workspace / name}", "name:string", "n:integer")
            self.assertEqual(result.returncode, code)
            self.assertIn(words, result.stderr.splitlines()[-1])
            self.assertEqual(self.header(), before)
        self.assertIn("is not FORMAT=PATH", self.publish("--file", "pdf", "name:string").stderr)

    # Two runs and one staging area

    def test_run_whose_staged_lines_were_replaced_says_so_and_publishes_nothing(self):
        self.succeed("extract", report="october", period="2026-10")
        self.succeed("extract", report="september", period="2026-09")
        for name in ("transform", "publish"):
            last = self.fails(65, name, report="october", period="2026-10")
            self.assertIn("report september loaded those of 2026-09", last)
        table = self.succeed("transform", "publish", report="september", period="2026-09")
        self.assertEqual(differences(EXAMPLE, "2026-09", table.splitlines())[1], [])
        self.assertIsNone(self.header("october"))

    def test_without_that_check_a_wrong_report_would_balance(self):
        self.succeed("extract", report="october", period="2026-10")
        self.succeed("extract", report="september", period="2026-09")
        # As if nobody looked whose lines they are.
        self.sql("UPDATE staging_area SET report_id = 'october', period = '2026-10'")
        table = self.succeed("transform", "publish", report="october", period="2026-10")
        count, faults = differences(EXAMPLE, "2026-10", table.splitlines())
        self.assertGreater(len(faults), 20)
        print(f"\n{len(faults)} amounts of {count} balances would have been wrong", file=sys.stderr)

    def test_of_two_loads_at_once_the_staging_area_has_one_whole_and_only_its_run_goes_on(self):
        months = {"october": "2026-10", "september": "2026-09", "january": "2020-01"}
        options = {report: {"report": report, "period": period} for report, period in months.items()}
        loads = [
            subprocess.Popen(
                **self.command("extract", **options[report]),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for report in months
        ]
        for load in loads:
            _, errors = load.communicate(timeout=60)
            self.assertEqual(load.returncode, 0, errors)
        ((owner, last_day),) = self.sql("SELECT report_id, MAX(date) FROM staging_area, ledger_line GROUP BY report_id")
        self.assertEqual(f"{last_day:%Y-%m}", months[owner])
        for report in months.keys() - {owner}:
            self.assertIn(f"report {owner} loaded", self.fails(65, "transform", **options[report]))
        table = self.succeed("transform", "publish", **options[owner])
        self.assertEqual(differences(EXAMPLE, months[owner], table.splitlines())[1], [])

    def test_turn_that_is_over_loads_nothing(self):
        self.succeed("extract", report="later", period="2026-09", fence=8)
        last = self.fails(65, "extract", report="earlier", fence=7)
        self.assertIn("turn 7 is over", last)
        self.assertEqual(self.sql("SELECT report_id, fence FROM staging_area"), (("later", 8),))
        self.succeed("transform", "publish", report="later", period="2026-09")
        # The same turn may load again, as a pod that is tried again does; and the next turn may.
        self.succeed("extract", report="later", period="2026-09", fence=8)
        self.succeed("extract", report="next", fence=9)
        # One without a number doesn't make older turns valid again.
        self.succeed("extract", report="unnumbered")
        self.fails(65, "extract", report="later", fence=8)
