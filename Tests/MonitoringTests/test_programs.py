"""The operator's own page, as the built program shows it before any API server or store answers."""

import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

from monitoring import ROOT, free_port, running, wait_until

KUBECONFIG = """
apiVersion: v1
kind: Config
clusters: [{name: none, cluster: {server: "http://127.0.0.1:9"}}]
users: [{name: none, user: {token: none}}]
contexts: [{name: none, context: {cluster: none, user: none}}]
current-context: none
"""
# What must be there from the start: rules can't see a counter grow that comes with its first event.
FROM_THE_START = [
    "report_queue_depth 0", "report_queue_wait_seconds_count 0", "report_shared_lock_wait_seconds_count 0",
    "report_record_lag_seconds 0",
]


class PageTests(unittest.TestCase):
    def test_promtool_finds_nothing_wrong_with_the_operators_page(self):
        program = ROOT / ".build/debug/report-operator"
        self.assertTrue(program.exists(), "build it first: swift build")
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "config"
            config.write_text(KUBECONFIG)
            address = f"127.0.0.1:{free_port()}"
            command = [
                str(program), "run", "--kubeconfig", str(config), "--status-address", address,
                "--mongodb-uri", "mongodb://127.0.0.1:9/reports?serverSelectionTimeoutMS=200",
            ]
            log = Path(folder) / "log"
            with running(*command, log=log):
                page = ""

                def missing():
                    nonlocal page
                    page = urllib.request.urlopen(f"http://{address}/metrics", timeout=5).read().decode()
                    lines = page.splitlines()
                    return [line for line in FROM_THE_START if line not in lines]

                try:
                    wait_until("the page has them", missing, 20)
                except AssertionError as error:
                    raise AssertionError(f"{error}\n{log.read_text()[-2000:]}") from error
        done = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
