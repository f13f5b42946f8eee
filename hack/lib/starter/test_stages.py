"""Runs the stages one after the other, without a cluster and without any server.

    python3 -m unittest discover FOLDER        with the library of stages installed, or by PYTHONPATH
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

STAGES = Path(__file__).resolve().parent / "stages"


class StageTests(unittest.TestCase):
    def setUp(self):
        workspace = tempfile.TemporaryDirectory()
        self.addCleanup(workspace.cleanup)
        self.workspace = Path(workspace.name)

    def run_stage(self, name: str, period: str = "2026-10") -> subprocess.CompletedProcess:
        environment = {**os.environ, "WORKSPACE": str(self.workspace), "REPORT_PARAM_PERIOD": period, "MONGODB_URI": ""}
        program = [sys.executable, STAGES / f"{name}.py"]
        return subprocess.run(program, env=environment, capture_output=True, text=True, check=False)

    def test_report_of_a_month(self):
        for name in ("extract", "transform", "publish"):
            result = self.run_stage(name)
            self.assertEqual(result.returncode, 0, result.stderr)
        lines = [line.split() for line in result.stdout.splitlines()]
        self.assertIn(["Alder", "Works", "2", "450.00"], lines)
        self.assertIn(["Total", "4", "1,749.95"], lines)

    def test_month_without_orders_says_which_there_are(self):
        result = self.run_stage("extract", "2025-01")
        self.assertEqual(result.returncode, 64)
        self.assertIn("they are of 2026-09-02 to 2026-11-03", result.stderr)

    def test_stages_in_the_wrong_order(self):
        self.assertIn("extract has to run first", self.run_stage("transform").stderr)
        self.assertIn("transform has to run first", self.run_stage("publish").stderr)


if __name__ == "__main__":
    unittest.main()
