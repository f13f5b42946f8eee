#!/usr/bin/env python3
"""Shows the figures of a plant's machines to Prometheus: stops, cycle times, tools, pallets.

It reads the tables of plant.sql with a user that may do nothing else. A thread reads every few seconds and keeps what
it read, so a scrape never waits for the database and many scrapes cost it nothing. While the database is away
`plant_database_up` is 0; what was read last stays for a quarter of an hour, so that a short outage ends no alert, and
then goes, since nobody knows any more.

A figure that tells drift comes with what is usual for that machine, from its own history: rules compare the two.

Environment:
  PLANT_DSN    mysql://USER:PASSWORD@HOST:PORT/DATABASE
  ADDRESS      where it listens, default 0.0.0.0:9108
  READ_EVERY   seconds between two reads, default 15
"""

import http.server
import math
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

import pymysql

# What is told apart: more would make Prometheus keep series without end.
MACHINES, TOOLS = 200, 1000
# Seconds for which what was read last is shown.
KEPT = 15 * 60
# Of one statement, in seconds.
PATIENCE = 5

Row = tuple[Any, ...]
Labels = tuple[tuple[str, str], ...]

HELP = {
    "plant_database_up": "Whether the last read of the plant's database succeeded.",
    "plant_database_read_seconds": "How long the last read that succeeded took.",
    "plant_left_out": "Machines and tools that are not shown, because there are too many.",
    "plant_machine_stopped_seconds": "How long the machine has stood; 0 while it runs.",
    "plant_machine_usual_stop_seconds": "Nine of ten breakdowns of the last 90 days were over by then; from five on.",
    "plant_machine_breakdowns": "Breakdowns that began in the last 90 days.",
    "plant_machine_between_stops_seconds": "Mean time from one breakdown to the next, of the last five, until now.",
    "plant_machine_usual_between_stops_seconds": "The same of those before, in 90 days; from ten on.",
    "plant_machine_cycle_seconds": "Mean of the last 20 cycles, if they are of the last hour.",
    "plant_machine_usual_cycle_seconds": "Mean of up to 2,000 cycles before those; from 200 on.",
    "plant_machine_cycle_deviation_seconds": "Standard deviation of the cycles that are usual.",
    "plant_machine_pallets": "Pallets that wait at the machine.",
    "plant_machine_oldest_pallet_seconds": "How long the pallet has waited that came first; 0 if there is none.",
    "plant_tool_uses": "Uses of the tool that is in the machine.",
    "plant_tool_rated_uses": "Uses that the tool's maker promises.",
    "plant_tool_life_uses": "Mean uses of the last three tools when they were taken out.",
    "plant_tool_usual_life_uses": "The same of up to 20 tools before those; from five on.",
}

# What has not ended, or ends later than now, goes on.
STOPS = """
SELECT machine, TIMESTAMPDIFF(SECOND, stopped_at, NOW()),
       IF(running_again <= NOW(), TIMESTAMPDIFF(SECOND, stopped_at, running_again), NULL),
       kind = 'breakdown' AND stopped_at > NOW() - INTERVAL 90 DAY
FROM machine_stop
WHERE machine <> '' AND stopped_at <= NOW()
  AND (stopped_at > NOW() - INTERVAL 90 DAY OR running_again IS NULL OR running_again > NOW())
ORDER BY stopped_at DESC LIMIT 100000
"""
CYCLES = """
SELECT COUNT(*), TIMESTAMPDIFF(SECOND, MIN(IF(place = 20, finished_at, NULL)), NOW()),
       AVG(IF(place <= 20, seconds, NULL)), AVG(IF(place > 20, seconds, NULL)),
       STDDEV_SAMP(IF(place > 20, seconds, NULL))
FROM (SELECT seconds, finished_at, ROW_NUMBER() OVER (ORDER BY finished_at DESC, number DESC) AS place
      FROM machine_cycle WHERE machine = %s AND finished_at <= NOW()
      ORDER BY finished_at DESC, number DESC LIMIT 2020) AS latest
"""
# All tools at once: there may be many.
LIVES = """
SELECT machine, tool, COUNT(*), AVG(IF(place <= 3, uses, NULL)), AVG(IF(place > 3, uses, NULL))
FROM (SELECT machine, tool, uses,
             ROW_NUMBER() OVER (PARTITION BY machine, tool ORDER BY changed_at DESC, number DESC) AS place
      FROM tool_change WHERE changed_at <= NOW()) AS changes
WHERE place <= 23 GROUP BY machine, tool
"""
PALLETS = """
SELECT machine, COUNT(*), MAX(TIMESTAMPDIFF(SECOND, arrived_at, NOW())) FROM pallet WHERE machine IS NOT NULL
GROUP BY machine
"""


class Page:
    """Metrics in Prometheus' text format, each with its series together."""

    def __init__(self) -> None:
        self.series: dict[str, list[tuple[Labels, float]]] = defaultdict(list)

    def add(self, name: str, value: Any, **labels: str) -> None:
        """`value` may be None: then there is none, and nothing is shown."""
        if value is not None:
            self.series[name].append((tuple(labels.items()), float(value)))

    def text(self) -> str:
        lines = []
        for name, series in sorted(self.series.items()):
            lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge"]
            for labels, value in series:
                written = ",".join(f'{label}="{escaped(text)}"' for label, text in labels)
                lines.append(f"{name}{{{written}}} {value:.10g}" if written else f"{name} {value:.10g}")
        return "".join(f"{line}\n" for line in lines)


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def connect(dsn: str) -> pymysql.Connection:
    place = urlsplit(dsn)
    return pymysql.connect(
        host=place.hostname,
        port=place.port or 3306,
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        database=place.path.lstrip("/"),
        charset="utf8mb4",
        autocommit=True,
        connect_timeout=PATIENCE,
        read_timeout=2 * PATIENCE,
        write_timeout=PATIENCE,
        init_command=f"SET SESSION max_statement_time = {PATIENCE}",
    )


def stops_of(page: Page, machines: list[tuple[str, str]], rows: Iterable[Row]) -> None:
    """`rows`: the newest first."""
    of_machine: dict[str, list[Row]] = defaultdict(list)
    for machine, *row in rows:
        of_machine[machine].append(tuple(row))
    for machine, line in machines:
        stops = of_machine[machine]
        labels = {"line": line, "machine": machine}
        page.add(
            "plant_machine_stopped_seconds", max((age for age, took, _ in stops if took is None), default=0), **labels
        )
        page.add("plant_machine_breakdowns", sum(1 for stop in stops if stop[2]), **labels)
        ended = sorted(took for _, took, counts in stops if counts and took is not None)
        if len(ended) >= 5:
            page.add("plant_machine_usual_stop_seconds", ended[math.ceil(0.9 * len(ended)) - 1], **labels)
        ages = [age for age, _, counts in stops if counts]
        if len(ages) >= 5:
            # The time since the last one counts too, so it grows again once there are no more.
            page.add("plant_machine_between_stops_seconds", ages[4] / 5, **labels)
        if len(ages) >= 15:
            usual = (ages[-1] - ages[4]) / (len(ages) - 5)
            page.add("plant_machine_usual_between_stops_seconds", usual, **labels)


def read(ask: Callable[..., list[Row]]) -> Page:
    """Everything, by `ask(statement, *values)`."""
    page = Page()
    machines = ask("SELECT machine, line FROM machine ORDER BY line, machine LIMIT %s", MACHINES)
    (known,) = ask("SELECT COUNT(*) FROM machine")[0]
    lines = dict(machines)
    stops_of(page, machines, ask(STOPS))
    pallets = {machine: rest for machine, *rest in ask(PALLETS)}
    for machine, line in machines:
        labels = {"line": line, "machine": machine}
        count, age, mean, usual, deviation = ask(CYCLES, machine)[0]
        if count >= 20 and age < 3600:
            page.add("plant_machine_cycle_seconds", mean, **labels)
        if count >= 220:
            page.add("plant_machine_usual_cycle_seconds", usual, **labels)
            page.add("plant_machine_cycle_deviation_seconds", deviation, **labels)
        waiting, oldest = pallets.get(machine, (0, 0))
        page.add("plant_machine_pallets", waiting, **labels)
        page.add("plant_machine_oldest_pallet_seconds", max(oldest, 0), **labels)
    tools = ask("SELECT machine, tool, uses, rated_uses FROM tool ORDER BY machine, tool LIMIT %s", TOOLS)
    (known_tools,) = ask("SELECT COUNT(*) FROM tool")[0]
    shown = [tool for tool in tools if tool[0] in lines]
    lives = {(machine, tool): rest for machine, tool, *rest in ask(LIVES)}
    for machine, tool, uses, rated in shown:
        labels = {"line": lines[machine], "machine": machine, "tool": tool}
        page.add("plant_tool_uses", uses, **labels)
        page.add("plant_tool_rated_uses", rated, **labels)
        count, life, usual = lives.get((machine, tool), (0, None, None))
        if count >= 3:
            page.add("plant_tool_life_uses", life, **labels)
        if count >= 8:
            page.add("plant_tool_usual_life_uses", usual, **labels)
    page.add("plant_left_out", known - len(machines), what="machines")
    page.add("plant_left_out", known_tools - len(shown), what="tools")
    return page


class Figures:
    """What was read last, and whether the database still answers."""

    def __init__(self, dsn: str, clock: Callable[[], float] = time.monotonic):
        self.dsn, self.clock = dsn, clock
        self.lock = threading.Lock()
        self.connection: pymysql.Connection | None = None
        self.last: tuple[float, str] | None = None
        self.is_up = False

    def refresh(self) -> None:
        """Reads once. What fails is said in the log and by `plant_database_up`."""
        try:
            begin = self.clock()
            if self.connection is None:
                self.connection = connect(self.dsn)
            with self.connection.cursor() as cursor:
                # All of it as of one moment, and nothing can be written.
                cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")

                def ask(statement: str, *values: Any) -> list[Row]:
                    cursor.execute(statement, values)
                    return list(cursor.fetchall())

                page = read(ask)
                cursor.execute("COMMIT")
            page.add("plant_database_read_seconds", self.clock() - begin)
            self.keep(page.text())
        except (pymysql.err.MySQLError, OSError) as error:
            self.lose(error)

    def keep(self, text: str) -> None:
        with self.lock:
            if not self.is_up:
                print("exporter: the plant's database answers", flush=True)
            self.last, self.is_up = (self.clock(), text), True

    def lose(self, error: Exception) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except pymysql.err.MySQLError:
                # It was closed already.
                pass
        with self.lock:
            self.is_up = False
        print(f"exporter: the plant's database can't be read: {error}", file=sys.stderr, flush=True)

    def text(self) -> str:
        page = Page()
        with self.lock:
            last, is_up = self.last, self.is_up
        page.add("plant_database_up", is_up)
        return page.text() + (last[1] if last and self.clock() - last[0] < KEPT else "")


class Handler(http.server.BaseHTTPRequestHandler):
    figures: Figures
    # Idle connections are closed.
    timeout = 30

    def do_GET(self) -> None:
        if self.path not in ("/metrics", "/healthz"):
            self.send_error(404)
            return
        # It is well itself when the database is away: starting it again would mend nothing.
        body = (self.figures.text() if self.path == "/metrics" else "ok\n").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def main() -> None:
    if len(sys.argv) > 1:
        print(__doc__)
        sys.exit(0 if sys.argv[1:] in (["-h"], ["--help"]) else 2)
    dsn = os.environ.get("PLANT_DSN")
    if not dsn:
        sys.exit("exporter: PLANT_DSN is not set, expected mysql://USER:PASSWORD@HOST:PORT/DATABASE")
    host, _, port = os.environ.get("ADDRESS", "0.0.0.0:9108").rpartition(":")
    Handler.figures = Figures(dsn)
    server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())

    def go_on() -> None:
        every = float(os.environ.get("READ_EVERY", "15"))
        while True:
            Handler.figures.refresh()
            if ended.wait(every):
                return

    def end(fault: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(fault)
        os._exit(70)

    # A fault of its own ends it, and its pod starts it again: else it would show old figures as new ones.
    threading.excepthook = end
    # It ends at once, also while a read goes on.
    threading.Thread(target=go_on, daemon=True).start()
    ended.wait()


if __name__ == "__main__":
    main()
