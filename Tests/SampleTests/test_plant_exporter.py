"""The exporter of a plant's figures, beside a real MariaDB: what it shows, what it may, and what an outage does."""

import contextlib
import math
import os
import re
import select
import socket
import subprocess
import sys
import threading
import time
import unittest
import urllib.request
from collections import defaultdict
from urllib.parse import urlsplit

import pymysql

from sample_test_case import DATA, ROOT, SAMPLES

FOLDER = SAMPLES / "plant-exporter/stages"
sys.path.insert(0, str(FOLDER))
import exporter  # noqa: E402

LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")


def connect(dsn):
    return exporter.connect(dsn)


def fill_plant(*arguments):
    environment = {**os.environ, "SAMPLE_DATA": str(DATA)}
    subprocess.run([ROOT / "hack/lib/samples/fill-plant", *arguments], env=environment, check=True)


class Forwarder:
    """Passes connections on to the database, until it is cut."""

    def __init__(self, dsn):
        place = urlsplit(dsn)
        self.target = (place.hostname, place.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.dsn = dsn.replace(f"{place.hostname}:{place.port}", f"127.0.0.1:{self.port}")
        self.is_cut = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.forward, args=(client,), daemon=True).start()

    def forward(self, client):
        with contextlib.closing(client):
            if self.is_cut:
                return
            with socket.create_connection(self.target) as server:
                while not self.is_cut:
                    for side, other in ((client, server), (server, client)):
                        if select.select([side], [], [], 0.05)[0]:
                            data = side.recv(65536)
                            if not data:
                                return
                            other.sendall(data)


class PlantExporterTests(unittest.TestCase):
    def setUp(self):
        self.plant = connect(os.environ["PLANT_DSN"])
        self.addCleanup(self.plant.close)
        for (name,) in self.sql("SHOW TABLES"):
            self.sql(f"DROP TABLE `{name}`")
        fill_plant("fill")

    def sql(self, statement, *values):
        with self.plant.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall()

    @contextlib.contextmanager
    def exporter(self, dsn=None):
        """Runs it as its pod does; gives what asks for its page."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "PLANT_DSN": dsn or os.environ["PLANT_READER_DSN"],
            "ADDRESS": address,
            "READ_EVERY": "0.2",
        }
        process = subprocess.Popen([sys.executable, FOLDER / "exporter.py"], env=environment, stderr=subprocess.DEVNULL)
        try:
            yield lambda: urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()
        finally:
            process.terminate()
            self.assertEqual(process.wait(30), 0)

    def wait_for(self, page, holds):
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                text = page()
                if holds(text):
                    return text
            self.assertLess(time.monotonic(), deadline)
            threading.Event().wait(0.05)

    def values(self, text, name):
        """By machine, or by machine and tool."""
        found = {}
        for metric, labels, value in LINE.findall(text):
            if metric == name:
                labels = dict(re.findall(r'(\w+)="([^"]*)"', labels))
                labels.pop("line", None)
                found[tuple(labels.values())] = float(value)
        return found

    def test_figures_agree_with_a_plain_computation(self):
        fill_plant("stand", "press-1")
        fill_plant("slow", "lathe-1")
        with self.exporter() as page:
            text = self.wait_for(page, lambda text: "plant_database_up 1" in text)
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        self.assertEqual(set(re.findall(r"^# TYPE (\w+) gauge$", text, re.M)), set(exporter.HELP))

        stood = self.values(text, "plant_machine_stopped_seconds")
        self.assertEqual(len(stood), 9)
        self.assertAlmostEqual(stood.pop(("press-1",)), 86400, delta=120)
        self.assertEqual(set(stood.values()), {0})

        took, begins = defaultdict(list), defaultdict(list)
        (now,) = self.sql("SELECT NOW()")[0]
        for machine, stopped, again in self.sql(
            "SELECT machine, stopped_at, running_again FROM machine_stop WHERE kind = 'breakdown' ORDER BY stopped_at"
        ):
            if (now - stopped).days < 90:
                begins[machine].append(stopped)
                if again:
                    took[machine].append((again - stopped).total_seconds())
        usual = self.values(text, "plant_machine_usual_stop_seconds")
        self.assertEqual(
            usual,
            {(m,): sorted(t)[math.ceil(0.9 * len(t)) - 1] for m, t in took.items() if len(t) >= 5},
        )
        self.assertGreater(len(usual), 5)
        between = self.values(text, "plant_machine_between_stops_seconds")
        before = self.values(text, "plant_machine_usual_between_stops_seconds")
        self.assertEqual(set(before), {(m,) for m, times in begins.items() if len(times) >= 15})
        self.assertGreater(len(before), 1)
        for machine, times in begins.items():
            if len(times) >= 5:
                self.assertAlmostEqual(between[machine,], (now - times[-5]).total_seconds() / 5, delta=30)
            if len(times) >= 15:
                gaps = [(b - a).total_seconds() for a, b in zip(times[:-4], times[1:-4])]
                self.assertAlmostEqual(before[machine,], sum(gaps) / len(gaps), delta=1)

        cycles, usual_cycles = (self.values(text, f"plant_machine_{n}cycle_seconds") for n in ("", "usual_"))
        for machine in cycles:
            rows = self.sql("SELECT seconds FROM machine_cycle WHERE machine = %s ORDER BY number", *machine)
            times = [float(seconds) for (seconds,) in rows]
            self.assertAlmostEqual(cycles[machine], sum(times[-20:]) / 20, places=3)
            self.assertAlmostEqual(usual_cycles[machine], sum(times[:-20]) / len(times[:-20]), places=3)
        self.assertGreater(cycles["lathe-1",] / usual_cycles["lathe-1",], 1.2)
        self.assertLess(cycles["lathe-2",] / usual_cycles["lathe-2",], 1.05)
        self.assertEqual(sum(self.values(text, "plant_machine_pallets").values()), 20)
        self.assertEqual(self.values(text, "plant_tool_uses")["press-1", "die"], 2000)
        self.assertEqual(len(self.values(text, "plant_tool_usual_life_uses")), 4)

    def test_its_user_may_read_and_nothing_else(self):
        reader = connect(os.environ["PLANT_READER_DSN"])
        self.addCleanup(reader.close)
        with reader.cursor() as cursor:
            self.assertEqual(cursor.execute("SELECT 1 FROM machine LIMIT 1"), 1)
            for statement in (
                "DELETE FROM machine_stop", "INSERT INTO machine VALUES ('x', 'y')", "UPDATE tool SET uses = 0",
                "DROP TABLE pallet", "CREATE TABLE x (y INTEGER)", "SELECT * FROM warehouse.staging_area",
            ):
                with self.assertRaises(pymysql.err.OperationalError, msg=statement) as caught:
                    cursor.execute(statement)
                self.assertIn("denied", str(caught.exception))

    def test_a_database_that_is_away_is_seen_and_comes_back(self):
        forwarder = Forwarder(os.environ["PLANT_READER_DSN"])
        self.addCleanup(forwarder.listener.close)
        forwarder.is_cut = True
        with self.exporter(forwarder.dsn) as page:
            text = self.wait_for(page, lambda text: "plant_database_up 0" in text)
            self.assertNotIn("plant_machine", text, "it knows nothing yet")
            forwarder.is_cut = False
            self.wait_for(page, lambda text: "plant_database_up 1" in text and "plant_machine_stopped" in text)
            forwarder.is_cut = True
            text = self.wait_for(page, lambda text: "plant_database_up 0" in text)
            self.assertIn("plant_machine_stopped_seconds", text, "a short outage ends no alert")
            forwarder.is_cut = False
            self.wait_for(page, lambda text: "plant_database_up 1" in text)

    def test_figures_of_long_ago_are_not_shown(self):
        now = [0.0]
        figures = exporter.Figures(os.environ["PLANT_READER_DSN"], clock=lambda: now[0])
        figures.refresh()
        figures.lose(OSError("gone"))
        now[0] = exporter.KEPT - 1
        self.assertIn("plant_machine_stopped_seconds", figures.text())
        now[0] = exporter.KEPT
        self.assertNotIn("plant_machine", figures.text())
        self.assertIn("plant_database_up 0\n", figures.text())

    def test_machines_and_tools_are_bounded(self):
        self.plant.cursor().executemany(
            "INSERT INTO machine VALUES (%s, 'L9')", [(f"m-{n:04}",) for n in range(exporter.MACHINES)]
        )
        self.plant.cursor().executemany(
            "INSERT INTO tool VALUES ('press-1', %s, 1, 1)", [(f"t-{n:04}",) for n in range(exporter.TOOLS)]
        )
        with self.exporter() as page:
            text = self.wait_for(page, lambda text: "plant_database_up 1" in text)
        self.assertEqual(len(self.values(text, "plant_machine_stopped_seconds")), exporter.MACHINES)
        self.assertLessEqual(len(self.values(text, "plant_tool_uses")), exporter.TOOLS)
        left = self.values(text, "plant_left_out")
        self.assertEqual(left["machines",], 9)
        self.assertEqual(left["tools",], exporter.TOOLS + 4 - len(self.values(text, "plant_tool_uses")))
        self.assertGreater(left["tools",], 0)

    def test_names_of_any_kind_leave_the_page_readable(self):
        name = 'a"} 1\nforged{x="\\'
        self.sql("INSERT INTO machine VALUES (%s, 'L9')", name)
        with self.exporter() as page:
            text = self.wait_for(page, lambda text: "plant_database_up 1" in text)
        self.assertNotRegex(text, r"(?m)^forged")
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
