"""What the tests of monitoring share: the rules, the dashboard, and a Prometheus and an Alertmanager of their own."""

import contextlib
import http.server
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

import yaml

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
MONITORING = ROOT / "manifests/monitoring"
RULES = MONITORING / "plain/rules.yaml"
DASHBOARD = MONITORING / "dashboard/report-operator.json"
PAGE = ROOT / "docs/monitoring.md"


def alerts():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"] if "alert" in rule]


def panels():
    return json.loads(DASHBOARD.read_text())["panels"]


def query_of(target):
    """The panel's query as Grafana would send it for all pipelines."""
    return target["expr"].replace("$pipeline", ".*").replace("$__rate_interval", "20s")


# For pages that a test writes itself: everything that takes time is over in seconds.
SHORT = {"7d": "30s", "1d": "30s", "10m": "6s", "15m": "8s"}


def shortened(rules, windows, held="1s"):
    """The rules with the durations of `windows` in place of their own, looked at each second, and nothing else changed.

    `held`: how long what an alert waits for has to last.
    """
    rules = re.sub(r"interval: \w+", "interval: 1s", rules)
    rules = re.sub(r"for: \w+", f"for: {held}", rules)
    return re.sub(r"(\[|offset )(\d+[dmh])\b", lambda match: match[1] + windows.get(match[2], match[2]), rules)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Programs:
    """Serves the three programs' metrics pages, and takes Alertmanager's notices."""

    def __init__(self):
        self.pages = {}
        # Names of alerts, each with what was ever told of it: one that lasts for seconds is told of and over.
        self.notices = {}
        programs = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page = programs.pages.get(self.path.strip("/"), lambda: None)()
                self.send_response(200 if page is not None else 503)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def do_POST(self):
                for alert in json.loads(self.rfile.read(int(self.headers["Content-Length"])))["alerts"]:
                    programs.notices.setdefault(alert["labels"]["alertname"], set()).add(alert["status"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Process:
    """A program that is started, and perhaps again."""

    def __init__(self, *command, log):
        self.command, self.log = command, log
        self.process = None

    def start(self):
        with open(self.log, "a") as output:
            self.process = subprocess.Popen(self.command, stdout=output, stderr=subprocess.STDOUT)

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def running(*command, log):
    process = Process(*command, log=log)
    process.start()
    try:
        yield process
    finally:
        process.end()


@contextlib.contextmanager
def servers(folder, rules, targets, hook=None):
    """A Prometheus with these rules that scrapes each second, and an Alertmanager. Gives their addresses.

    `targets`: of each job the address and the path of its page; `hook`: where Alertmanager tells of alerts.
    """
    prometheus, manager, folder = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}", pathlib.Path(folder)
    (folder / "rules.yaml").write_text(rules)
    jobs = [
        {"job_name": job, "metrics_path": path, "static_configs": [{"targets": [address]}]}
        for job, (address, path) in targets.items()
    ]
    (folder / "prometheus.yml").write_text(
        yaml.safe_dump(
            {
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                "rule_files": ["rules.yaml"],
                "alerting": {"alertmanagers": [{"static_configs": [{"targets": [manager]}]}]},
                "scrape_configs": jobs,
            }
        )
    )
    route = {"receiver": "test", "group_by": ["alertname"], "group_wait": "1s", "group_interval": "1s"}
    hooks = [{"url": hook, "send_resolved": True}] if hook else []
    (folder / "alertmanager.yml").write_text(
        yaml.safe_dump({"route": route, "receivers": [{"name": "test", "webhook_configs": hooks}]})
    )
    with running(
        "prometheus-alertmanager",
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/alertmanager",
        f"--web.listen-address={manager}",
        "--cluster.listen-address=",
        log=folder / "alertmanager.log",
    ), running(
        "prometheus",
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address={prometheus}",
        log=folder / "prometheus.log",
    ):
        yield f"http://{prometheus}", f"http://{manager}"


def fetched(url, **query):
    with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode(query, doseq=True)}", timeout=10) as answer:
        return json.load(answer)


def result_of(prometheus, query):
    """What the query returns now: series with a value each."""
    return fetched(f"{prometheus}/api/v1/query", query=query)["data"]["result"]


def wait_until(what, holds, seconds=60):
    """Looks until it holds. `holds` gives what is missing, empty for nothing."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            missing = holds()
        except OSError as error:
            missing = error
        if not missing:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: after {seconds} s still {missing}")
        threading.Event().wait(0.2)
