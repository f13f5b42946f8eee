"""Every alert fires and ends because of what it is for, and every panel shows what has just happened.

Real programs beside a real cluster, their real servers, a real Prometheus and a real Alertmanager; run by
hack/lib/monitoring/check-faults, which also sets the environment.
"""

import concurrent.futures
import json
import os
import signal
import ssl
import time
import unittest
import urllib.request

from fault_world import (
    FOLDER, NAMESPACE, SERVICES, SYSTEM, ForeignHolder, Panels, Pod, Tickets, apply, kubectl, pipeline, request,
    resource, run, services,
)
from monitoring import ROOT, RULES, alerts, fetched, free_port, result_of, running, servers, shortened, wait_until

# A namespace of its own, since its quota keeps Jobs of every kind from being made.
SCHEDULED = f"{NAMESPACE}-scheduled"
# A quarter of an hour without a failed delivery, and ten minutes in which no run begins.
WINDOWS = {"15m": "20s", "10m": "10s"}
HELD = "2s"
# Nothing here takes long, but the machine may be busy with something else.
PATIENCE = 600


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
        self.tickets = Tickets()
        self.addCleanup(self.tickets.end)
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

    def refused_tickets(self):
        """The system of tickets wants a machine, and the alerts name none. It ends by itself; nothing is mended."""
        def fire(name):
            """Sends one alert that fires."""
            alert = {
                "status": "firing", "labels": {"alertname": "Stopped"}, "annotations": {}, "fingerprint": name,
                "startsAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            }
            body = {"version": "4", "status": "firing", "alerts": [alert]}
            message = urllib.request.Request(
                f"https://127.0.0.1:{self.gateway_port}/api/v1/alerts/{NAMESPACE}/stops",
                json.dumps(body).encode(),
                {"Authorization": f"Bearer {self.tickets.TOKEN}", "Content-Type": "application/json"},
            )
            # The certificate is of the gateway alone, and changes meanwhile.
            with urllib.request.urlopen(message, timeout=60, context=ssl._create_unverified_context()):
                pass

        def refused(number):
            return lambda: "" if len(self.tickets.refusals) >= number else "not yet"

        def do():
            for number in (1, 2):
                fire(f"{number:016x}")
                wait_until("the system of tickets refuses one", refused(number), PATIENCE)

        self.cause([("ReportTicketsFailing", {"channel": "tickets"})], do, lambda: None)

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
        self.side_by_side(self.runs_that_end, self.refused_mails, self.refused_tickets)
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
