"""The library of stages against a real MongoDB, and as authors install it."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sample_test_case import LIBRARY, SampleTestCase


class StageLibraryTests(SampleTestCase):
    sample = "daily-production"
    parameters = {}

    def setUp(self):
        super().setUp()
        self.by_hand = self.stored.client.reports_by_hand
        self.stored.client.drop_database("reports_by_hand")

    def publish(self, text: str, **variables) -> subprocess.CompletedProcess:
        program = "from decimal import Decimal\nfrom report_stage import results, stage\n"
        program += f'stage.run(lambda: results.publish({{"account": "string", "closing": "decimal"}}, {text}))'
        environment = self.command("publish", **variables)["env"]
        environment = {name: value for name, value in environment.items() if value}
        return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)

    def test_wrong_value_leaves_what_was_published_before(self):
        self.assertEqual(self.publish('[["Cash", Decimal("10.50")]]').returncode, 0)
        before = self.header()
        result = self.publish('[["Cash", Decimal("10.50")], ["Bank", 10.5]]', attempt=2)
        self.assertEqual(result.returncode, 65)
        self.assertIn("line 2, column closing (decimal): 10.5 is a float", result.stderr)
        self.assertEqual((self.header(), self.stored.report_rows.count_documents({})), (before, 1))

    def test_stage_by_hand_writes_beside_the_reports(self):
        result = self.publish('[["Cash", Decimal("10.50")]]', REPORT_ID="")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("tried by hand, so rows go to the database reports_by_hand", result.stdout)
        self.assertEqual(self.stored.report_results.count_documents({}), 0)
        self.assertEqual(self.by_hand.report_results.find_one()["rows"], 1)
        self.assertEqual(self.publish('[["Cash", 1]]', REPORT_ID="", REPORT_DATABASE="reports").returncode, 0)
        self.assertEqual(self.stored.report_results.find_one()["_id"], "by-hand")
        # Where its user may not write, it is told what to do.
        result = self.publish('[["Cash", 1]]', REPORT_ID="", REPORT_DATABASE="elsewhere")
        self.assertEqual(result.returncode, 69)
        self.assertIn("or set REPORT_DATABASE", result.stderr.splitlines()[-1])


class PackageTests(SampleTestCase):
    def test_pip_installs_it_with_its_types_and_its_program(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        # pip builds beside the sources.
        ignored = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
        source = shutil.copytree(LIBRARY, Path(scratch.name) / "source", ignore=ignored)
        environment = Path(scratch.name) / "environment"
        subprocess.run(["/usr/bin/python3", "-m", "venv", environment], check=True)
        pip = [environment / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, f"{source}[warehouse]"], check=True)
        program = "from report_stage import columns, results, stage, staging; print(columns.__file__)"
        run = subprocess.run(
            [environment / "bin/python", "-c", program], cwd="/", capture_output=True, text=True, check=True
        )
        self.assertIn(str(environment), run.stdout)
        (folder,) = environment.glob("lib/python*/site-packages/report_stage")
        self.assertTrue((folder / "py.typed").exists())
        program = environment / "bin/publish-rows"
        self.assertIn("NAME:TYPE", subprocess.run([program, "--help"], capture_output=True, text=True).stdout)
