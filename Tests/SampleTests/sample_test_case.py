"""What the tests of the samples share: a stage as a process, and a warehouse and stored results that start empty.

`hack/lib/samples/check-sample` runs them with the Python that has the stages' packages, names the folders of their
input, and lets a MariaDB and a MongoDB run for them alone (`WAREHOUSE_DSN`, `MONGODB_STAGES_URI`, `MONGODB_ADMIN_URI`).
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

import pymysql
from pymongo import MongoClient

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "manifests/samples"
LIBRARY = ROOT / "Sources/StageLibrary"
DATA = Path(os.environ["SAMPLE_DATA"])
LEDGERS = Path(os.environ["SAMPLE_LEDGERS"])

sys.dont_write_bytecode = True


class SampleTestCase(unittest.TestCase):
    """Each test has a workspace, a warehouse and stored results of its own."""

    sample: str
    # Of a request that asks for nothing special; names in lower case.
    parameters: dict[str, str]

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.workspace = Path(folder.name)
        place = urlsplit(os.environ["WAREHOUSE_DSN"])
        self.warehouse = pymysql.connect(
            host=place.hostname,
            port=place.port,
            user=place.username,
            password=place.password,
            database=place.path[1:],
            autocommit=True,
        )
        self.addCleanup(self.warehouse.close)
        self.empty_warehouse()
        client = MongoClient(os.environ["MONGODB_ADMIN_URI"])
        self.addCleanup(client.close)
        self.stored = client.reports
        for collection in ("report_rows", "report_results", "report_stage_files.files", "report_stage_files.chunks"):
            self.stored[collection].delete_many({})

    def empty_warehouse(self) -> None:
        self.sql("SET SESSION foreign_key_checks = 0")
        for name, kind in self.sql("SHOW FULL TABLES"):
            self.sql(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} `{name}`")
        self.sql("SET SESSION foreign_key_checks = 1")

    def sql(self, statement: str) -> tuple:
        with self.warehouse.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def command(
        self, name: str, report: str = "report", attempt: int = 1, fence: int | None = None, **options: str
    ) -> dict:
        """What subprocess needs to run a stage. Options in lower case are parameters, others are variables."""
        parameters = {**self.parameters, **{name: value for name, value in options.items() if name.islower()}}
        return {
            "args": [sys.executable, SAMPLES / self.sample / "stages" / f"{name}.py"],
            "env": {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(LIBRARY),
                "PYTHONDONTWRITEBYTECODE": "1",
                "WORKSPACE": str(self.workspace),
                "DATA": str(DATA),
                "LEDGERS": str(LEDGERS),
                "WAREHOUSE_DSN": os.environ["WAREHOUSE_DSN"],
                "MONGODB_URI": os.environ["MONGODB_STAGES_URI"],
                "REPORT_ID": report,
                "REPORT_ATTEMPT": str(attempt),
                "REPORT_FENCE": "" if fence is None else str(fence),
                **{f"REPORT_PARAM_{name.upper()}": value for name, value in parameters.items()},
                **{name: value for name, value in options.items() if not name.islower()},
            },
            "text": True,
        }

    def run_stage(self, name: str, **options) -> subprocess.CompletedProcess:
        return subprocess.run(**self.command(name, **options), capture_output=True, check=False)

    def succeed(self, *stages: str, **options) -> str:
        """Runs stages one after the other (all three if none is named), and returns the log of the last."""
        for name in stages or ("extract", "transform", "publish"):
            result = self.run_stage(name, **options)
            self.assertEqual(result.returncode, 0, f"{name}: {result.stderr}")
        return result.stdout

    def fails(self, code: int, name: str, **options) -> str:
        """Runs a stage that must fail so, and returns its last words."""
        result = self.run_stage(name, **options)
        self.assertEqual(result.returncode, code, f"{name}: {result.stderr}")
        return result.stderr.splitlines()[-1]

    def header(self, report: str = "report") -> dict | None:
        return self.stored.report_results.find_one({"_id": report})

    def stored_rows(self, report: str = "report") -> list[dict]:
        """What a reader finds who goes by the header."""
        header = self.header(report)
        names = [column["name"] for column in header["columns"]]
        rows = []
        for n in range(header["buckets"]):
            place = f"{report}/{header['attempt']}/{header['publication']}/{n}"
            bucket = self.stored.report_rows.find_one({"_id": place})
            rows += [dict(zip(names, values, strict=True)) for values in bucket["rows"]]
        self.assertEqual(len(rows), header["rows"])
        return rows

    def assert_typed(self, types: dict[str, type]) -> None:
        """Every stored value is of its column's type; a missing one is null."""
        rows = self.stored_rows()
        self.assertGreater(len(rows), 0)
        self.assertEqual(rows[0].keys(), types.keys())
        for row in rows:
            for name, value in row.items():
                self.assertIsInstance(value, (types[name], type(None)), name)

    def assert_publish_refuses(self, *cases: tuple[str, str]) -> None:
        """After each (change of what was transformed, words) publish fails with these words and stores no result."""
        for change, words in cases:
            with self.subTest(change=change):
                self.succeed("extract", "transform")
                self.sql(change)
                result = self.run_stage("publish")
                self.assertEqual(result.returncode, 65, result.stderr)
                self.assertIn(words, result.stderr)
                self.assertIsNone(self.header())
