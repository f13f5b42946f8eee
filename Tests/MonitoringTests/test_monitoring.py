"""The rules, the dashboard and the page about them hold together; real servers are told of trouble and of its end."""

import json
import re
import subprocess
import tempfile
import time
import unittest

import yaml
from monitoring import (
    DASHBOARD, MONITORING, PAGE, ROOT, RULES, SHORT, Programs, alerts, panels, query_of, result_of, servers, shortened,
    wait_until,
)

# Names of metrics in expressions, and what stands in the sources.
METRIC = re.compile(r"\b(?:report_|leader_election_)[a-z0-9_]+")
SUFFIX = re.compile(r"_(bucket|sum|count)$")


def metrics_in(text):
    return {SUFFIX.sub("", name) for name in METRIC.findall(text)}


def metrics_of_the_programs():
    found = set()
    for path in (ROOT / "Sources").rglob("*.swift"):
        text = path.read_text()
        if "PrometheusMetrics" in text:
            found |= set(re.findall(r'"((?:report|leader_election)_[a-z0-9_]+)"', text))
    return found


class FileTests(unittest.TestCase):
    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_rules_are_rules(self):
        self.promtool("check", "rules", "--lint-fatal", str(RULES))

    def test_their_edges(self):
        self.promtool("test", "rules", str(ROOT / "Tests/MonitoringTests/rules-test.yaml"))

    def test_the_samples_rule_and_its_way_to_the_gateway(self):
        self.promtool("check", "rules", "--lint-fatal", str(ROOT / "manifests/samples/alerts/rules.yaml"))
        self.promtool("test", "rules", str(ROOT / "Tests/MonitoringTests/plant-rules-test.yaml"))
        file = ROOT / "manifests/samples/alerts/alertmanager.yaml"
        done = subprocess.run(["amtool", "check-config", file], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_samples_rules_ask_for_what_its_exporter_shows_and_each_alert_has_edges(self):
        rules = [
            rule
            for group in yaml.safe_load((ROOT / "manifests/samples/alerts/rules.yaml").read_text())["groups"]
            for rule in group["rules"]
        ]
        program = (ROOT / "manifests/samples/plant-exporter/stages/exporter.py").read_text()
        shown = set(re.findall(r'^    "(plant_\w+)": "', program, re.M))
        recorded = {rule["record"] for rule in rules if "record" in rule}
        for rule in rules:
            asked = set(re.findall(r"\bplant[_:][a-z0-9_:]+", rule["expr"]))
            self.assertEqual(asked - shown - recorded, set(), rule)
        tested = (ROOT / "Tests/MonitoringTests/plant-rules-test.yaml").read_text()
        for alert in (rule["alert"] for rule in rules if "alert" in rule):
            # It fires, and there is a time at which it doesn't.
            self.assertRegex(tested, rf"alertname: {alert}\n +exp_alerts")
            self.assertRegex(tested, rf"alertname: {alert}}}")

    def test_every_alert_has_an_edge(self):
        tested = (ROOT / "Tests/MonitoringTests/rules-test.yaml").read_text()
        for alert in alerts():
            self.assertRegex(tested, rf"alertname: {alert['alert']}\n +exp_alerts")

    def test_the_prometheus_operators_rules_are_the_same(self):
        made = subprocess.run(
            [ROOT / "hack/lib/monitoring/prometheus-rule"], capture_output=True, text=True, check=True
        ).stdout
        self.assertEqual((MONITORING / "prometheusrule.yaml").read_text(), made)

    def test_the_manifests_can_be_built(self):
        for folder in (MONITORING, MONITORING / "plain"):
            subprocess.run(["kubectl", "kustomize", folder], check=True, stdout=subprocess.DEVNULL)

    def test_rules_and_panels_ask_for_metrics_that_there_are(self):
        asked = metrics_in(" ".join(rule["expr"] for rule in alerts()))
        for panel in panels():
            for target in panel["targets"]:
                asked |= metrics_in(target["expr"])
        self.assertEqual(asked - metrics_of_the_programs(), set())

    def test_the_page_names_every_alert_and_every_metric_it_is_made_of(self):
        page = PAGE.read_text()
        self.assertEqual(re.findall(r"^### (\w+)$", page, re.M), [alert["alert"] for alert in alerts()])
        for alert in alerts():
            if "for" in alert:
                section = page.split(f"### {alert['alert']}\n")[1].split("\n###")[0]
                self.assertIn(f"`{alert['for']}`", section, alert["alert"])
        self.assertEqual(metrics_in(page) - metrics_of_the_programs(), set())
        # The programs' own stand in docs/operations.md.
        own = re.compile(r"report_(operator|courier|gateway)(_|$)")
        of_reports = {name for name in metrics_of_the_programs() if not own.match(name)}
        self.assertEqual(of_reports - metrics_in(page), set())

    def test_shortening_changes_durations_alone(self):
        texts = RULES.read_text(), shortened(RULES.read_text(), SHORT)
        without = [re.sub(r"\b\d+[smhd]\b", "", text) for text in texts]
        self.assertEqual(*without)

    def test_the_dashboard_is_one(self):
        dashboard = json.loads(DASHBOARD.read_text())
        self.assertEqual(len({panel["id"] for panel in panels()}), len(panels()))
        taken = set()
        for panel in panels():
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            self.assertLessEqual(place["x"] + place["w"], 24)
            self.assertFalse(cells & taken, f"{panel['title']} lies on another panel")
            taken |= cells
            self.assertIn(panel["type"], {"timeseries", "stat", "table"})
            for target in panel["targets"]:
                self.assertEqual(target["datasource"], {"type": "prometheus", "uid": "${datasource}"})
        self.assertEqual([item["name"] for item in dashboard["templating"]["list"]], ["datasource", "pipeline"])


class ServerTests(unittest.TestCase):
    """Pages as the programs write them, in trouble and out of it, before a real Prometheus and a real Alertmanager."""

    def setUp(self):
        self.programs = Programs()
        self.addCleanup(self.programs.close)
        self.begin = time.time()
        self.failed = False
        self.programs.pages = {
            "report-operator": lambda: self.operator(),
            "report-courier": lambda: self.courier(),
            "report-gateway": lambda: self.gateway(),
        }
        self.trouble = False
        self.down = False

    def operator(self):
        if self.down:
            return None
        now, bad = time.time(), self.trouble
        ran = int(now - self.begin)
        started = 3 if bad else ran
        return f"""
leader_election_master_status {0 if bad else 1}
report_operator_store_up{{store="redis"}} 1
report_operator_requests{{phase="Running"}} 1
report_runs_total{{pipeline="finance/tb",outcome="Failed"}} {ran}
report_runs_total{{pipeline="finance/tb",outcome="Succeeded"}} {ran}
report_run_duration_seconds_bucket{{pipeline="finance/tb",le="15"}} 0
report_run_duration_seconds_bucket{{pipeline="finance/tb",le="60"}} {ran}
report_run_duration_seconds_bucket{{pipeline="finance/tb",le="+Inf"}} {ran}
report_run_oldest_start_timestamp_seconds{{pipeline="finance/tb"}} {now - (1000 if bad else 20)}
report_stage_duration_seconds_bucket{{pipeline="finance/tb",stage="load",le="60"}} {ran}
report_stage_duration_seconds_bucket{{pipeline="finance/tb",stage="load",le="+Inf"}} {ran}
report_stage_duration_seconds_count{{pipeline="finance/tb",stage="load"}} {ran}
report_queue_depth {4 if bad else 0}
report_queue_wait_seconds_bucket{{le="60"}} {started}
report_queue_wait_seconds_bucket{{le="+Inf"}} {started}
report_queue_wait_seconds_count {started}
report_shared_lock_wait_seconds_bucket{{le="60"}} {ran}
report_shared_lock_wait_seconds_bucket{{le="+Inf"}} {ran}
report_record_lag_seconds {100 if bad else 0}
report_schedule_next_timestamp_seconds{{schedule="finance/daily"}} {now + (-60 if bad else 60)}
report_schedule_last_success_timestamp_seconds{{schedule="finance/daily"}} {now - 100}
"""

    def courier(self):
        ran = int(time.time() - self.begin)
        # Who leads is told by each of them.
        text = f"""
leader_election_master_status 1
report_delivery_lag_seconds_bucket{{le="60"}} {ran}
report_delivery_lag_seconds_bucket{{le="+Inf"}} {ran}
report_deliveries_total{{channel="mail",outcome="Delivered"}} {ran}
report_tickets_total{{channel="tickets",outcome="Open"}} {ran}
"""
        self.failed = self.failed or self.trouble
        # A counter stays.
        given_up = """
report_deliveries_total{channel="mail",outcome="Failed"} 1
report_tickets_total{channel="tickets",outcome="Failed"} 1
"""
        return text + (given_up if self.failed else "")

    def gateway(self):
        if self.down:
            return None
        days = 3 if self.trouble else 90
        return f"report_gateway_certificate_expiry_timestamp_seconds {time.time() + days * 86400}\n"

    def wait_for(self, status, names):
        def missing():
            return {name for name in names if status not in self.programs.notices.get(name, ())}

        wait_until(f"Alertmanager tells that alerts are {status}", missing)

    def test_every_alert_fires_and_ends_and_every_panel_shows_something(self):
        down = {"ReportOperatorDown", "ReportProgramDown"}
        store = {"ReportStoreDown"}
        others = {alert["alert"] for alert in alerts()} - down - store
        rules = shortened(RULES.read_text(), SHORT)
        address = f"127.0.0.1:{self.programs.port}"
        targets = {job: (address, f"/{job}") for job in self.programs.pages}
        hook = f"http://{address}/notices"
        with tempfile.TemporaryDirectory() as folder, servers(folder, rules, targets, hook) as (prometheus, _):
            median = "report:run_duration_seconds:median7d"
            wait_until("Prometheus scrapes", lambda: not result_of(prometheus, median))
            self.assertEqual(self.programs.notices, {}, "nothing is wrong yet")
            self.trouble = True
            self.wait_for("firing", others)
            for panel in panels():
                for target in panel["targets"]:
                    query = query_of(target)
                    wait_until(panel["title"], lambda: not result_of(prometheus, query), 20)
            self.trouble = False
            self.wait_for("resolved", others)
            self.assertEqual(set(self.programs.notices), others)
            # The leader alone counts.
            well = self.programs.pages["report-operator"]
            self.programs.pages["report-operator"] = lambda: well().replace('{store="redis"} 1', '{store="redis"} 0')
            self.wait_for("firing", store)
            self.programs.pages["report-operator"] = well
            self.wait_for("resolved", store)
            self.down = True
            self.wait_for("firing", down)
            self.down = False
            self.wait_for("resolved", down)
            self.assertEqual(set(self.programs.notices), others | store | down)


if __name__ == "__main__":
    unittest.main()
