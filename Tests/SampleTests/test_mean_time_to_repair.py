"""The stages of the sample "mean time to repair", compared with a plain computation over the stops."""

import csv
import os
import sys
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import bson

from sample_test_case import DATA, SAMPLES, SampleTestCase

sys.path.insert(0, str(SAMPLES / "plant-exporter/stages"))
import exporter  # noqa: E402
import ticket_server  # noqa: E402

TYPES = {
    "month": datetime,
    "line": str,
    "machine": str,
    "repairs": int,
    "repairMinutes": int,
    "waitingMinutes": int,
    "longestMinutes": int,
    "mttrMinutes": bson.Decimal128,
    "meanDowntimeMinutes": bson.Decimal128,
    "openTickets": int,
}


def expected(period: str) -> dict[tuple[str, str], list]:
    """By line and machine: repairs, minutes of repair and of waiting, the longest repair, both means."""
    repairs: dict[tuple[str, str], list[tuple[int, int]]] = {}
    with (DATA / "stops.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "breakdown" and row["running_again"].startswith(period):
                stopped, began, again = (
                    datetime.strptime(row[name], "%Y-%m-%d %H:%M:%S")
                    for name in ("stopped_at", "repair_began", "running_again")
                )
                minute = timedelta(minutes=1)
                repairs.setdefault((row["line"], row["machine"]), []).append(
                    ((again - began) // minute, (began - stopped) // minute)
                )

    def mean(minutes: int, count: int) -> Decimal:
        return (Decimal(minutes) / count).quantize(Decimal("0.01"), ROUND_HALF_UP)

    figures = {}
    for machine, times in repairs.items():
        count, repair, waiting = len(times), sum(r for r, _ in times), sum(w for _, w in times)
        longest = max(r for r, _ in times)
        figures[machine] = [count, repair, waiting, longest, mean(repair, count), mean(repair + waiting, count)]
    return figures


class MeanTimeToRepairTests(SampleTestCase):
    sample = "mean-time-to-repair"
    parameters = {"period": "2026-10"}

    def figures(self) -> dict[tuple[str, str], list]:
        rows = [list(row.values()) for row in self.stored_rows()]
        return {(row[1], row[2]): [*row[3:7], *(value.to_decimal() for value in row[7:9])] for row in rows}

    def test_every_machine_agrees_with_a_plain_computation(self):
        for period in ("2025-01", "2025-12", "2026-02", "2026-10", "2027-12"):
            with self.subTest(period=period):
                table = self.succeed(period=period)
                wanted = expected(period)
                self.assertGreater(len(wanted), 5)
                self.assertEqual(self.figures(), wanted)
                total = next(line for line in table.splitlines() if line.startswith("All lines"))
                count, repair = (sum(row[n] for row in wanted.values()) for n in (0, 1))
                self.assertIn(f" {round(Decimal(repair) / count, 2):,}", total)
        self.assert_typed(TYPES)

    def test_one_machine_alone(self):
        wanted = expected("2026-10")
        for line, machine in list(wanted)[:2]:
            self.succeed(period="2026-10", machine=machine)
            self.assertEqual(self.figures(), {key: value for key, value in wanted.items() if key[1] == machine})
        self.assertIn("has never been repaired", self.fails(64, "extract", machine="press-99"))

    def test_what_the_plants_machines_write_down_takes_the_place_of_the_file(self):
        plant = os.environ["PLANT_DSN"]
        connection = exporter.connect(plant)
        self.addCleanup(connection.close)
        with connection.cursor() as cursor:
            for statement in (SAMPLES / "plant-exporter/stages/plant.sql").read_text().split(";\n"):
                if "CREATE" in statement:
                    cursor.execute(statement)
            cursor.execute("DELETE FROM machine_stop")
            cursor.executemany(
                "INSERT INTO machine_stop (line, machine, kind, stopped_at, repair_began, running_again) VALUES"
                " ('L1', 'press-1', 'breakdown', NOW() - INTERVAL %s MINUTE, NOW() - INTERVAL %s MINUTE,"
                " NOW() - INTERVAL %s MINUTE)",
                # The last goes on; no time of the others can lie in another month than now.
                [(40, 30, 0), (20, 15, 0), (9, None, None)],
            )
            cursor.execute("SELECT DATE_FORMAT(NOW(), '%Y-%m')")
            (period,) = cursor.fetchone()
        reader = os.environ["PLANT_READER_DSN"]
        self.succeed(period=period, machine="press-1", PLANT_DSN=reader)
        self.assertEqual(
            self.figures(), {("L1", "press-1"): [2, 45, 15, 30, Decimal("22.50"), Decimal("30.00")]}
        )
        self.assertIn("outside the stops", self.fails(64, "extract", period="2099-01", PLANT_DSN=reader))
        away = reader.rpartition(":")[0] + ":1/plant"
        self.assertIn("Can't connect", self.fails(69, "extract", period=period, PLANT_DSN=away))

    def opened(self) -> dict[str, int | None]:
        return {row["machine"]: row["openTickets"] for row in self.stored_rows()}

    def tickets(self, *machines: str) -> dict[str, str]:
        """The variables of stages beside a system where these have tickets; the last one's is closed."""
        server = ticket_server.serve("Bearer s3cret", "whsec_a2V5")
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        for number, machine in enumerate(machines):
            state = "open" if number < len(machines) - 1 else "closed"
            server.tickets.tickets[f"T/{number}"] = {"id": f"T/{number}", "machine": machine, "state": state}
        url = f"http://127.0.0.1:{server.server_address[1]}/tickets?state=open"
        return {"TICKETS_URL": url, "TICKETS_AUTHORIZATION": "Bearer s3cret", "RETRY_PAUSE": "0.01"}

    def test_open_tickets_are_told_by_machine_over_all_pages(self):
        machines = sorted(machine for _, machine in expected("2026-10"))
        (busy, other), idle = machines[:2], machines[2]
        system = self.tickets(busy, busy, other, "a machine of another plant", busy, idle)
        table = self.succeed(**system)
        self.assertIn(f"Open tickets: {busy} 3, {other} 1", table)
        self.assertEqual(self.opened(), {**dict.fromkeys(machines, 0), busy: 3, other: 1})
        self.assertEqual(self.figures(), expected("2026-10"))
        self.assert_typed(TYPES)
        self.succeed(machine=other, **system)
        self.assertEqual(self.opened(), {other: 1})

    def test_machine_with_a_ticket_and_without_a_repair_is_shown(self):
        machine = next(machine for _, machine in expected("2026-10"))
        system = self.tickets(machine, machine)
        self.succeed("extract", "transform", **system)
        self.sql(f"DELETE FROM breakdown WHERE machine = '{machine}'")
        self.succeed("transform", "publish", **system)
        row = next(row for row in self.stored_rows() if row["machine"] == machine)
        self.assertEqual((row["repairs"], row["mttrMinutes"], row["openTickets"]), (0, None, 1))

    def test_without_a_system_of_tickets_their_number_is_unknown(self):
        self.assertNotIn("Open tickets", self.succeed())
        self.assertEqual(set(self.opened().values()), {None})

    def test_tickets_that_cannot_be_read_are_told_without_a_secret(self):
        system = self.tickets("press-1")
        wrong = {**system, "TICKETS_AUTHORIZATION": "Bearer wr0ng"}
        words = self.fails(69, "extract", **wrong)
        self.assertRegex(words, r"the tickets of 127\.0\.0\.1:\d+ can't be read: HTTP Error 401")
        self.assertNotIn("wr0ng", words)
        away = {**system, "TICKETS_URL": "http://127.0.0.1:1/tickets?key=hidden"}
        words = self.fails(69, "extract", **away)
        self.assertIn("the tickets of 127.0.0.1:1 can't be read", words)
        self.assertNotIn("hidden", words)

    def test_each_repair_is_in_exactly_one_month(self):
        months = [f"{year}-{month:02}" for year in (2025, 2026, 2027) for month in range(1, 13)]
        with (DATA / "stops.csv").open(encoding="utf-8") as file:
            breakdowns = sum(",breakdown," in line for line in file)
        counts = []
        for period in months:
            log = self.succeed("extract", period=period)
            counts.append(int(log.split()[1]))
        # One may be under repair when the year ends with which the stops end.
        self.assertIn(breakdowns - sum(counts), (0, 1))
        self.assertGreater(min(counts), 10)

    def test_repair_that_began_before_the_stop_is_named(self):
        self.succeed("extract")
        self.sql("UPDATE breakdown SET repair_began = stopped_at - INTERVAL 1 MINUTE ORDER BY number LIMIT 1")
        self.assertRegex(self.fails(65, "transform"), r"line \d+ of stops.csv: \S+ stopped at 2026-")

    def test_publish_refuses_times_that_are_not_those_of_the_breakdowns(self):
        self.assert_publish_refuses(
            ("UPDATE repair_time SET repair_minutes = repair_minutes + 1 LIMIT 1", "seconds of repair"),
            ("UPDATE repair_time SET waiting_minutes = waiting_minutes - 1 LIMIT 1", "seconds of waiting"),
            ("UPDATE repair_time SET mttr_minutes = mttr_minutes + 0.01 LIMIT 1", "the mean is not"),
            ("DELETE FROM repair_time LIMIT 1", "repairs of all machines"),
        )

    def test_month_without_data_and_stage_without_input(self):
        self.assertIn("outside the stops", self.fails(64, "extract", period="2024-12"))
        self.assertIn("extract has to run first", self.fails(66, "transform"))
        self.succeed("extract")
        self.assertIn("transform has to run first", self.fails(66, "publish"))
