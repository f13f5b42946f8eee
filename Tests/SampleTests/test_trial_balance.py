"""The stages of the sample "trial balance", run outside any cluster and compared with beancount's own query tool.

`hack/lib/check-sample` runs this with the Python that has beancount, and names the folder of the ledgers.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGES = ROOT / "manifests/samples/trial-balance/stages"
LEDGERS = Path(os.environ["SAMPLE_LEDGERS"])
COLUMNS = ("opening", "debit", "credit", "closing")

# The first month, a year's end, months with and without purchases of shares, the request's month, the last one.
MONTHS = ("2020-01", "2020-12", "2026-03", "2026-10", "2026-12")

sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "hack/lib"))

from expected_trial_balance import differences, expected  # noqa: E402


def run_stage(
    workspace: Path, name: str, period: str = "2026-10", ledger: str = "example"
) -> subprocess.CompletedProcess:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "WORKSPACE": str(workspace),
        "LEDGERS": str(LEDGERS),
        "REPORT_PARAM_PERIOD": period,
        "REPORT_PARAM_LEDGER": ledger,
    }
    return subprocess.run(
        [sys.executable, STAGES / f"{name}.py"], env=environment, capture_output=True, text=True, check=False
    )


class TrialBalanceTests(unittest.TestCase):
    """Every test has a workspace of its own; what extract leaves in it is made once, because it takes longest."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.extracted = {}
        for ledger in ("example", "broken"):
            workspace = Path(cls.folder.name, ledger)
            workspace.mkdir()
            cls.extracted[ledger] = run_stage(workspace, "extract", ledger=ledger)

    def setUp(self):
        self.workspace = Path(self.folder.name, self.id())
        self.workspace.mkdir()

    def use_extract_of(self, ledger: str) -> str:
        """Fills the workspace as extract does, and gives its log."""
        result = self.extracted[ledger]
        self.assertEqual(result.returncode, 0, result.stderr)
        shutil.copy(Path(self.folder.name, ledger, "general-ledger.csv"), self.workspace)
        return result.stdout

    def run_stage(self, name: str, **parameters: str) -> subprocess.CompletedProcess:
        return run_stage(self.workspace, name, **parameters)

    def succeed(self, *stages: str, **parameters: str) -> str:
        for name in stages:
            result = self.run_stage(name, **parameters)
            self.assertEqual(result.returncode, 0, f"{name}: {result.stderr}")
        return result.stdout

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
            for currency, accounts in expected(str(LEDGERS / "example.beancount"), period).items()
            for account, row in accounts.items()
            for column in COLUMNS
            if Decimal(row[column])
        }

    def test_every_account_agrees_with_the_query_tool(self):
        self.use_extract_of("example")
        compared = 0
        for period in MONTHS:
            with self.subTest(period=period):
                table = self.succeed("transform", "publish", period=period)
                self.assertEqual(differences(str(LEDGERS / "example.beancount"), period, table.splitlines())[1], [])
                amounts = self.amounts()
                # Not to the cent: to the last digit.
                self.assertEqual(amounts, self.expected_amounts(period))
                compared += len({key[:2] for key in amounts})
        print(f"\n{compared} balances of accounts compared in {len(MONTHS)} months", file=sys.stderr)

    def test_comparison_of_the_table_notices_a_missing_cent(self):
        self.use_extract_of("example")
        table = self.succeed("transform", "publish")
        for old, new in (("5,336.94", "5,336.95"), ("Expenses:Home:Rent ", "Expenses:Home:Fuel ")):
            lines = table.replace(old, new).splitlines()
            self.assertTrue(differences(str(LEDGERS / "example.beancount"), "2026-10", lines)[1])

    def test_debits_and_credits_differ_by_the_tolerated_rounding_alone(self):
        self.use_extract_of("example")
        self.succeed("transform", "publish", period="2026-03")
        dollars = next(c for c in self.published()["currencies"] if c["currency"] == "USD")
        totals, residuals = dollars["totals"], dollars["toleratedResiduals"]
        self.assertEqual(Decimal(totals["debit"]) - Decimal(totals["credit"]), Decimal(residuals["movement"]))
        self.assertNotEqual(Decimal(residuals["movement"]), 0, "choose a month with purchases of shares")
        self.assertLessEqual(Decimal(residuals["largest"]), Decimal("0.005"))

    def test_broken_entry_fails_transform_and_is_named_last(self):
        self.assertIn("warning", self.use_extract_of("broken"))
        result = self.run_stage("transform", ledger="broken")
        self.assertEqual(result.returncode, 65)
        last = result.stderr.splitlines()[-1]
        for part in ("2026-10-07", "Buying groceries", "broken.beancount:7713", "47.47 USD", "-27.00 USD"):
            self.assertIn(part, last)
        self.assertFalse((self.workspace / "trial-balance.db").exists(), "publish must find nothing to publish")
        self.assertEqual(self.run_stage("publish").returncode, 66)

    def test_entry_that_is_broken_later_leaves_earlier_months_alone(self):
        self.use_extract_of("broken")
        self.succeed("transform", "publish", period="2026-09", ledger="broken")
        self.assertEqual(self.amounts(), self.expected_amounts("2026-09"))

    def test_stages_may_run_twice(self):
        self.succeed("extract", "transform", "publish")
        first = self.published()
        self.succeed("extract", "extract", "transform", "transform", "publish", "publish")
        self.assertEqual(self.published(), first)
        self.assertEqual([path.name for path in self.workspace.glob("*.unfinished")], [])

    def test_publish_refuses_a_trial_balance_that_lost_an_account(self):
        self.use_extract_of("example")
        self.succeed("transform")
        database = sqlite3.connect(self.workspace / "trial-balance.db")
        database.execute("DELETE FROM trial_balance WHERE account = 'Assets:US:BofA:Checking'")
        database.commit()
        database.close()
        result = self.run_stage("publish")
        self.assertEqual(result.returncode, 65)
        self.assertIn("closing balances differ", result.stderr.splitlines()[-1])
        self.assertFalse((self.workspace / "trial-balance.json").exists())

    def test_requests_that_no_ledger_can_satisfy(self):
        self.use_extract_of("example")
        for stage, parameters, words in (
            ("transform", {"period": "2031-01"}, "outside the ledger"),
            ("transform", {"period": "2026-13"}, "expected a month"),
            ("extract", {"ledger": "../ledgers/example"}, "no ledger"),
            ("extract", {"ledger": "absent"}, "no ledger"),
        ):
            with self.subTest(stage=stage, **parameters):
                result = self.run_stage(stage, **parameters)
                self.assertEqual(result.returncode, 64)
                self.assertIn(words, result.stderr.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
