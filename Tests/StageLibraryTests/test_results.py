"""Publishing, as far as no MongoDB is needed: that nothing is written before all is checked, and where it goes."""

from unittest import mock

import bson

from library_test_case import LibraryTestCase
from report_stage import results, stage

# A stage that publishes to a database of the test's own, which writes down what it is asked for.
PUBLISH = """
import json, sys
from datetime import date, datetime, timezone
from decimal import Decimal
from unittest import mock
from report_stage import results, stage

database = mock.MagicMock()
def note(*_, **__):
    print("wrote")
database.report_rows.insert_one = database.report_results.replace_one = note
database.report_stage_files.files.insert_one = note
results.database_at = lambda uri: database
COLUMNS = {"account": "string", "closing": "decimal", "closed": "date"}
"""


class ResultTests(LibraryTestCase):
    unset = "MONGODB_URI is not set, so no rows are written"

    def publish(self, rows: str, **options) -> tuple[int, str, str]:
        text = PUBLISH + f"stage.run(lambda: results.publish(COLUMNS, {rows}))"
        result = self.run_stage(text, MONGODB_URI="mongodb://nowhere", REPORT_ID="0b8f", **options)
        self.assertNotIn("Traceback", result.stderr)
        return result.returncode, result.stdout, result.stderr

    def test_good_rows_are_written_and_then_named(self):
        code, output, _ = self.publish('[["Cash", Decimal("10.50"), date(2026, 10, 31)], ["Bank", 5, None]]')
        self.assertEqual((code, output.count("wrote")), (0, 2))
        self.assertIn("publish: 2 rows in MongoDB, in 1 buckets of attempt 1", output)

    def test_one_wrong_value_and_nothing_is_written(self):
        # The fault is in the last of many, and the rows come one by one.
        code, output, errors = self.publish('([str(n), 5 if n < 99_999 else 10.5, None] for n in range(100_000))')
        self.assertEqual((code, output), (65, ""))
        words = 'line 100000, column closing (decimal): 10.5 is a float, expected a Decimal, such as Decimal("10.50")'
        self.assertEqual(errors, f"publish: {words}\n")
        self.assertEqual(self.message.read_text() + "\n", errors)

    def test_faults_are_named_up_to_a_bound(self):
        code, output, errors = self.publish("[[str(n), 'seven', '2026-10-31'] for n in range(300)]")
        self.assertEqual((code, output), (65, ""))
        lines = errors.splitlines()
        self.assertEqual(len(lines), 51)
        self.assertIn("line 1, column closing (decimal): 'seven' is a str", lines[0])
        self.assertIn("line 1, column closed (date): '2026-10-31' is a str, expected a date", lines[1])
        self.assertEqual(lines[-1], "publish: and 550 more")
        message = self.message.read_text().splitlines()
        self.assertEqual(message[:-1], lines[: len(message) - 1])
        self.assertEqual(message[-1], f"and {600 - len(message) + 1} more")

    def test_columns_that_are_none(self):
        text = PUBLISH + 'stage.run(lambda: results.publish({"sum": "money"}, [[1]]))'
        result = self.run_stage(text, MONGODB_URI="mongodb://nowhere")
        self.assertEqual((result.returncode, result.stdout), (65, ""))
        self.assertTrue(result.stderr.startswith("publish: column sum: 'money' is not a type; types are string, "))
        self.assertEqual(len(result.stderr.splitlines()), 1)

    def test_rows_are_checked_where_no_server_is_configured_too(self):
        result = self.run_stage(PUBLISH + "stage.run(lambda: results.publish(COLUMNS, [['a', 1.5, None]]))")
        self.assertEqual(result.returncode, 65)
        result = self.run_stage(PUBLISH + "stage.run(lambda: results.publish(COLUMNS, [['a', 1, None]]))")
        self.assertEqual((result.returncode, result.stdout), (0, f"publish: {self.unset}\n"))

    def test_program_for_shell_names_the_line(self):
        text = PUBLISH + "results.program()"
        columns = "account:string", "closing:decimal", "closed:date"
        options = {"MONGODB_URI": "mongodb://nowhere", "REPORT_ID": "0b8f"}
        good = self.run_stage(text, *columns, stdin="Cash\t10.50\t2026-10-31\nBank\t\t\n", **options)
        self.assertEqual((good.returncode, good.stdout), (0, "wrote\nwrote\npublish-rows: 2 rows in 1 buckets\n"))
        wrong = self.run_stage(text, *columns, stdin="Cash\t1\t\nBank\t10,50\tyesterday\nToo\tfew\n", **options)
        self.assertEqual((wrong.returncode, wrong.stdout), (65, ""))
        self.assertEqual(
            wrong.stderr.splitlines(),
            [
                "publish: line 2, column closing (decimal): '10,50' is not a decimal, expected such as 10.50",
                "publish: line 2, column closed (date): 'yesterday' is not a date, expected such as 2026-10-31",
                "publish: line 3: has 2 of 3 fields; expected account, closing, closed",
            ],
        )

    def test_what_is_tried_by_hand_goes_elsewhere_unless_told_otherwise(self):
        for report, told, expected in (
            ("by-hand", "", "reports_by_hand"),
            ("by-hand", "reports", "reports"),
            ("0b8f", "", "reports"),
            ("0b8f", "trial", "trial"),
        ):
            with (
                self.subTest(report=report, told=told),
                mock.patch.object(stage, "REPORT_ID", report),
                mock.patch.dict("os.environ", REPORT_DATABASE=told),
            ):
                self.assertEqual(results.database_name("reports"), expected)

    def test_rows_are_cut_into_buckets_in_their_order(self):
        rows = [[n, "x" * 100] for n in range(1000)]
        cut = list(results.buckets(iter(rows), limit=10_000))
        self.assertEqual([row for bucket in cut for row in bucket], rows)
        self.assertLessEqual(max(len(bson.encode({"": bucket})) for bucket in cut), 10_020)
        self.assertEqual(list(results.buckets([], limit=1)), [])
        self.assertEqual(list(results.buckets([["large"], ["other"]], limit=1)), [[["large"]], [["other"]]])
