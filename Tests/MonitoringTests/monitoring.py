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


def shortened(rules):
    """The rules with all their durations shortened, and nothing else changed."""
    lengths = {"interval": "1s", "for": "1s", "7d": "30s", "1d": "30s", "10m": "6s", "15m": "8s"}
    rules = re.sub(r"(interval|for): \w+", lambda match: f"{match[1]}: {lengths[match[1]]}", rules)
    return re.sub(r"(\[|offset )(\d+[dmh])\b", lambda match: match[1] + lengths[match[2]], rules)


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


@contextlib.contextmanager
def running(*command, log):
    with open(log, "w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def servers(folder, programs):
    """A Prometheus with the shortened rules, and an Alertmanager that tells `programs`. Gives Prometheus' address."""
    prometheus, manager, folder = free_port(), free_port(), pathlib.Path(folder)
    (folder / "rules.yaml").write_text(shortened(RULES.read_text()))
    jobs = [
        {"job_name": job, "metrics_path": f"/{job}", "static_configs": [{"targets": [f"127.0.0.1:{programs.port}"]}]}
        for job in ("report-operator", "report-courier", "report-gateway")
    ]
    (folder / "prometheus.yml").write_text(
        yaml.safe_dump(
            {
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                "rule_files": ["rules.yaml"],
                "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{manager}"]}]}]},
                "scrape_configs": jobs,
            }
        )
    )
    route = {"receiver": "test", "group_by": ["alertname"], "group_wait": "1s", "group_interval": "1s"}
    hook = {"url": f"http://127.0.0.1:{programs.port}/notices", "send_resolved": True}
    (folder / "alertmanager.yml").write_text(
        yaml.safe_dump({"route": route, "receivers": [{"name": "test", "webhook_configs": [hook]}]})
    )
    address = f"http://127.0.0.1:{prometheus}"
    with running(
        "prometheus-alertmanager",
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/alertmanager",
        f"--web.listen-address=127.0.0.1:{manager}",
        "--cluster.listen-address=",
        log=folder / "alertmanager.log",
    ), running(
        "prometheus",
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{prometheus}",
        log=folder / "prometheus.log",
    ):
        yield address


def ask(address, path, **query):
    with urllib.request.urlopen(f"{address}{path}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
        return json.load(answer)["data"]


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
