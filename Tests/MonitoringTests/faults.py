"""Every alert fires and ends because of what it is for, and every panel shows what has just happened.

Real programs beside a real cluster, their real servers, a real Prometheus and a real Alertmanager; run by
hack/lib/monitoring/check-faults, which also sets the environment.
"""

import concurrent.futures
import json
import math
import os
import pathlib
import signal
import ssl
import subprocess
import threading
import time
import unittest
import urllib.request

from monitoring import (
    ROOT, RULES, Process, alerts, fetched, free_port, panels, query_of, result_of, running, servers, shortened,
    wait_until,
)

SERVICES = os.environ["REPORT_FAULTS_SERVICES"]
FOLDER = pathlib.Path(os.environ["REPORT_FAULTS_FOLDER"])
SYSTEM = "report-operator"
NAMESPACE = f"faults-{os.getpid()}"
# A namespace of its own, since its quota keeps Jobs of every kind from being made.
SCHEDULED = f"{NAMESPACE}-scheduled"
# A quarter of an hour without a failed delivery, and ten minutes in which no run begins.
WINDOWS = {"15m": "20s", "10m": "10s"}
HELD = "2s"
# Nothing here takes long, but the machine may be busy with something else.
PATIENCE = 600


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def kubectl(*arguments, text=None, namespace=NAMESPACE):
    return run("kubectl", "-n", namespace, *arguments, text=text)


def apply(*objects, namespace=NAMESPACE):
    # Servers before 1.23 don't know the CEL rules in the schemas and drop them; kubectl would rather refuse.
    together = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    kubectl("apply", "--validate=false", "-f", "-", text=together, namespace=namespace)


def services(command, name):
    run(str(ROOT / "hack/services"), "--name", SERVICES, command, name)


def resource(kind, name, **spec):
    return {"apiVersion": "reports.ers.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def pipeline(name, **more):
    """One whose run takes as long as it is asked for, and ends as it is asked for."""
    script = 'trap "exit 1" TERM; sleep "$REPORT_PARAM_SECONDS" & wait; exit "$REPORT_PARAM_STATUS"'
    parameters = [{"name": name, "type": "integer", "default": 0} for name in ("seconds", "status")]
    stage = {
        "name": "wait",
        "image": "localhost/report-operator/busybox:1",
        "command": ["sh", "-c", script],
        "podTemplate": {"spec": {"terminationGracePeriodSeconds": 1}},
    }
    return resource("ReportPipeline", name, parameters=parameters, stages=[stage], **more)


def request(name, of, deliver=(), **parameters):
    spec = {"pipelineRef": {"name": of}, "parameters": parameters, "deliver": list(deliver)}
    return resource("ReportRequest", name, **spec)


class Pod(Process):
    """A program that is started again when it ends by itself, as a kubelet would."""

    def __init__(self, *command, log):
        super().__init__(*command, log=log)
        self.lock = threading.Lock()
        self.kept = None

    def start(self):
        with self.lock:
            super().start()
            self.kept = self.process
        threading.Thread(target=self.keep, daemon=True).start()

    def keep(self):
        while True:
            ended = self.process
            ended.wait()
            # One that can't run is not to be started all the time.
            time.sleep(1)
            with self.lock:
                if self.kept is not ended:
                    return
                super().start()
                self.kept = self.process

    def end(self, how=signal.SIGTERM):
        with self.lock:
            self.kept = None
            super().end(how)


class ForeignHolder:
    """Holds the operator's lease as another replica would that can't act: it renews, and does nothing else."""

    def __init__(self):
        self.released = threading.Event()
        self.thread = threading.Thread(target=self.hold, daemon=True)
        self.trouble = None

    def renew(self, holder):
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
        spec = {"holderIdentity": holder, "renewTime": now, "leaseDurationSeconds": 15}
        kubectl("patch", "lease", SYSTEM, "--type=merge", "-p", json.dumps({"spec": spec}), namespace=SYSTEM)

    def hold(self):
        try:
            while not self.released.is_set():
                self.renew("somebody-else")
                # As often as a leader renews.
                self.released.wait(2)
            self.renew("")
        except AssertionError as error:
            self.trouble = error

    def start(self):
        self.renew("somebody-else")
        self.thread.start()

    def release(self):
        self.released.set()
        self.thread.join()
        if self.trouble:
            raise self.trouble


class Panels:
    """Asks each panel's queries each second, until each has returned something that isn't nothing."""

    def __init__(self, prometheus):
        self.missing = [
            (panel["title"], query_of(target)) for panel in panels() for target in panel["targets"]
        ]
        self.prometheus = prometheus
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.ask, daemon=True)
        self.thread.start()

    def ask(self):
        while not self.ended.is_set():
            self.missing = [each for each in self.missing if not self.shows(each[1])]
            self.ended.wait(1)

    def shows(self, query):
        """A zero, or the quantile of no events, is what a panel shows without anything happening."""
        try:
            values = [float(series["value"][1]) for series in result_of(self.prometheus, query)]
        except OSError:
            return False
        return any(math.isfinite(value) and value > 0 for value in values)

    def end(self):
        self.ended.set()
        self.thread.join()


class FaultTests(unittest.TestCase):
    def setUp(self):
        # Names of alerts that have fired and ended.
        self.seen = set()
        self.make_certificate(365)
        self.programs = self.make_programs()
        for job, program in self.programs.items():
            program.start()
            self.addCleanup(program.end)
            self.wait_for_page(job)
        for namespace in (NAMESPACE, SCHEDULED):
            kubectl("create", "namespace", namespace)
            # While the operator is there, whose finalizers stand on requests.
            self.addCleanup(kubectl, "delete", "namespace", "--timeout=60s", namespace)
        # What is looked at again and again: a kubectl for each look would keep a small machine busy.
        port = free_port()
        self.enterContext(running("kubectl", "proxy", f"--port={port}", log=FOLDER / "proxy.log"))
        self.resources = f"http://127.0.0.1:{port}/apis/reports.ers.dev/v1/namespaces/{NAMESPACE}"
        run(str(ROOT / "hack/lib/samples/sample-channels"), "--name", SERVICES, "--only", "mail")
        apply(
            pipeline("work", concurrency={"key": "work", "limit": 1}),
            pipeline("shared", concurrency={"key": NAMESPACE, "limit": 1, "scope": "Shared"}),
            pipeline("alone", concurrency={"key": "alone", "limit": 100}),
        )
        apply(pipeline("daily"), namespace=SCHEDULED)
        rules = shortened(RULES.read_text(), WINDOWS, HELD)
        targets = {job: (address, "/metrics") for job, address in self.pages.items()}
        self.prometheus, self.manager = self.enterContext(servers(FOLDER, rules, targets))

    def make_programs(self):
        self.pages = {f"report-{name}": f"127.0.0.1:{free_port()}" for name in ("operator", "courier", "gateway")}
        self.gateway_port = free_port()
        leading = ("--leader-election", "on", "--leader-election-namespace", SYSTEM)
        more = {
            "report-operator": (
                *leading, "--mongodb-uri", os.environ["MONGODB_URI"], "--redis-url", os.environ["REDIS_URL"],
                "--intake-stream", "off",
            ),
            "report-courier": (
                *leading, "--mongodb-uri", os.environ["MONGODB_COURIER_URI"], "--work-folder", str(FOLDER),
            ),
            "report-gateway": (
                "--mongodb-uri", os.environ["MONGODB_READER_URI"], "--address", f"127.0.0.1:{self.gateway_port}",
                "--tls-certificate", str(FOLDER / "tls.crt"), "--tls-key", str(FOLDER / "tls.key"),
            ),
        }
        return {
            job: Pod(
                str(ROOT / f".build/debug/{job}"), "run", "--courier-namespace", SYSTEM,
                "--status-address", self.pages[job], *options, log=FOLDER / f"{job}.log",
            )
            for job, options in more.items()
        }

    def wait_for_page(self, job):
        """Until it leads, or is there at all where nobody leads."""
        def missing():
            page = urllib.request.urlopen(f"http://{self.pages[job]}/metrics", timeout=5).read().decode()
            return "" if job == "report-gateway" or "leader_election_master_status 1" in page else "a leader"

        wait_until(f"the page of {job}", missing, PATIENCE)

    def make_certificate(self, days):
        """Of the same key, so that both files fit together at every moment."""
        key, chain, new = (FOLDER / name for name in ("tls.key", "tls.crt", "tls.new"))
        if not key.exists():
            run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(key))
        run(
            "openssl", "req", "-x509", "-key", str(key), "-subj", "/CN=localhost", "-days", str(days),
            "-out", str(new),
        )
        new.replace(chain)

    def wait_until_served(self):
        def missing():
            served = ssl.get_server_certificate(("127.0.0.1", self.gateway_port), timeout=5)
            return "" if served.split() == (FOLDER / "tls.crt").read_text().split() else "the one before"

        wait_until("the gateway serves the certificate of its file", missing, PATIENCE)

    def phases(self, plural):
        items = fetched(f"{self.resources}/{plural}")["items"]
        return {item["metadata"]["name"]: item.get("status", {}).get("phase") for item in items}

    def firing(self):
        """The labels of each alert that Alertmanager has."""
        return [alert["labels"] for alert in fetched(f"{self.manager}/api/v2/alerts")]

    def cause(self, expected, do, mend):
        """Does it, until Alertmanager has all that is expected; mends it, until it has none of that any more.

        `expected`: names of alerts, each with those of its labels that tell it from others of the name.
        """
        def fires(alert, firing):
            name, labels = alert
            wanted = {"alertname": name, **labels}.items()
            return any(wanted <= labels.items() for labels in firing)

        def times(what, wanted):
            begin, seen = time.monotonic(), {}

            def missing():
                firing = self.firing()
                for index, alert in enumerate(expected):
                    if index not in seen and fires(alert, firing) == wanted:
                        seen[index] = time.monotonic() - begin
                return [alert for index, alert in enumerate(expected) if index not in seen]

            wait_until(what, missing, PATIENCE)
            return [seen[index] for index in range(len(expected))]

        before = self.firing()
        self.assertEqual([alert for alert in expected if fires(alert, before)], [], "fires before there is a reason")
        try:
            do()
            fired = times("alerts fire", True)
        finally:
            mend()
        for (name, labels), begun, ended in zip(expected, fired, times("alerts end", False)):
            print(f"{name} {labels}: fired after {begun:.1f} s, ended after {ended:.1f} s", flush=True)
            self.seen.add(name)

    # MARK: Faults

    def wait_for_phases(self, wanted):
        """`wanted`: of each request the phase."""
        def missing():
            found = self.phases("reportrequests")
            return {name: found.get(name) for name, phase in wanted.items() if found.get(name) != phase}

        wait_until("requests are as wanted", missing, PATIENCE)

    def runs_that_end(self):
        """What durations are compared with: two of each, since a counter that has only just come hasn't grown."""
        wanted = {}
        for number in (1, 2):
            apply(
                request(f"quick-{number}", "work"),
                request(f"fails-{number}", "work", status=1),
                request(f"shared-{number}", "shared"),
            )
            wanted |= {f"quick-{number}": "Succeeded", f"fails-{number}": "Failed", f"shared-{number}": "Succeeded"}
        self.wait_for_phases(wanted)

    def refused_mails(self):
        """Postfix has no such mailbox, and takes another notice. The alert ends by itself; nothing is mended."""
        def send(number):
            for name in ("gone", "dana"):
                notice = {"channel": "mail", "to": [f"{name}@example.com"], "when": "Failed"}
                apply(request(f"mail-{name}-{number}", "alone", deliver=[notice], status=1))

        def do():
            send(1)
            wait_until(
                "a notice is refused, another delivered",
                lambda: {"Failed", "Delivered"} - set(self.phases("reportdeliveries").values()), PATIENCE,
            )
            send(2)

        self.cause([("ReportDeliveriesFailing", {"channel": "mail"})], do, lambda: None)

    def stores_away(self):
        """A run that begins and ends meanwhile is what has to be written."""
        def do():
            for store in ("mongodb", "redis"):
                services("stop", store)
            apply(request("unrecorded", "alone"))

        def mend():
            for store in ("mongodb", "redis"):
                services("start", store)

        expected = [("ReportStoreDown", {"store": store}) for store in ("mongodb", "redis")]
        self.cause([*expected, ("ReportRecordsLate", {"job": "report-operator"})], do, mend)

    def schedule_that_cannot_tick(self):
        """A quota keeps the CronJob controller from making the tick."""
        def do():
            quota = {
                "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "no-jobs"},
                "spec": {"hard": {"count/jobs.batch": "0"}},
            }
            what = {"spec": {"pipelineRef": {"name": "daily"}}}
            apply(quota, namespace=SCHEDULED)
            apply(resource("ReportSchedule", "daily", schedule="* * * * *", request=what), namespace=SCHEDULED)

        def mend():
            kubectl("delete", "resourcequota", "no-jobs", namespace=SCHEDULED)

        self.cause([("ReportScheduleMissed", {"schedule": f"{SCHEDULED}/daily"})], do, mend)

    def run_that_hangs(self):
        """With another behind it; all that ran before of the pipeline took seconds."""
        def do():
            apply(request("hangs", "work", seconds=900))
            self.wait_for_phases({"hangs": "Running"})
            apply(request("waits", "work"))

        def mend():
            kubectl("patch", "reportrequest", "hangs", "--type=merge", "-p", '{"spec":{"cancel":true}}')

        long = ("ReportRunLong", {"pipeline": f"{NAMESPACE}/work"})
        self.cause([long, ("ReportQueueStuck", {"job": "report-operator"})], do, mend)
        self.wait_for_phases({"hangs": "Cancelled", "waits": "Succeeded"})

    def certificate_of_three_days(self):
        def mend():
            self.make_certificate(365)
            self.wait_until_served()

        expected = [("ReportCertificateExpires", {"job": "report-gateway"})]
        self.cause(expected, lambda: self.make_certificate(3), mend)

    def operator_away_then_nobody_leads(self):
        """Killed as by a crash; then somebody else holds its lease, whom it makes way for as a pod does, by ending."""
        operator = self.programs["report-operator"]
        self.cause([("ReportOperatorDown", {})], lambda: operator.end(signal.SIGKILL), operator.start)
        self.wait_for_page("report-operator")
        holder = ForeignHolder()

        self.cause([("ReportNoLeader", {"job": "report-operator"})], holder.start, holder.release)

    def program_away(self, job):
        program = self.programs[job]
        self.cause([("ReportProgramDown", {"job": job})], program.end, program.start)

    def side_by_side(self, *faults):
        with concurrent.futures.ThreadPoolExecutor(len(faults)) as threads:
            for done in [threads.submit(fault) for fault in faults]:
                done.result()

    # MARK: The test

    def test_every_alert_fires_and_ends_by_what_it_is_for_and_every_panel_shows_what_happened(self):
        print(f"shortened: for: all to {HELD}, interval: all to 1s, windows: {WINDOWS}", flush=True)
        up = f'sum(up{{job=~"{"|".join(self.programs)}"}}) == {len(self.programs)}'
        wait_until("all are scraped", lambda: not result_of(self.prometheus, up), PATIENCE)
        self.assertEqual(self.firing(), [], "nothing is wrong yet")
        shown = Panels(self.prometheus)
        self.addCleanup(shown.end)
        self.side_by_side(self.runs_that_end, self.refused_mails)
        self.side_by_side(
            self.stores_away, self.schedule_that_cannot_tick, self.run_that_hangs, self.certificate_of_three_days
        )
        wait_until("panels show what happened", lambda: shown.missing, PATIENCE)
        self.side_by_side(
            self.operator_away_then_nobody_leads,
            lambda: self.program_away("report-courier"),
            lambda: self.program_away("report-gateway"),
        )
        self.assertEqual(self.seen, {alert["alert"] for alert in alerts()})


if __name__ == "__main__":
    unittest.main()
