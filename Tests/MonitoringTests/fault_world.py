"""What the tests of faults stand on: commands, resources, and programs that are kept as a kubelet would.

The environment is that of hack/lib/monitoring/check-faults.
"""

import base64
import hashlib
import json
import math
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

from monitoring import ROOT, Process, panels, query_of, result_of

sys.path.append(str(ROOT / "Tests/SampleTests"))
import ticket_server  # noqa: E402

SERVICES = os.environ["REPORT_FAULTS_SERVICES"]
FOLDER = pathlib.Path(os.environ["REPORT_FAULTS_FOLDER"])
SYSTEM = "report-operator"
NAMESPACE = f"faults-{os.getpid()}"


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


def secret(name, **data):
    """One of a channel's."""
    kind = "reports.ers.dev/channel"
    return {"apiVersion": "v1", "kind": "Secret", "type": kind, "metadata": {"name": name}, "stringData": data}


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


class Tickets:
    """A system of tickets that wants to know each one's machine, its channel, and a trigger that opens them."""

    TOKEN = "a-token-of-the-tests"
    AUTHORIZATION = "Bearer t0ken"
    SIGNING_KEY = "whsec_" + base64.b64encode(bytes(32)).decode()

    def __init__(self):
        self.refusals = []
        folder = FOLDER / "tickets"
        folder.mkdir(exist_ok=True)
        key, chain = folder / "tls.key", folder / "tls.crt"
        run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
            "-days", "2", "-subj", "/CN=tickets", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(key), "-out", str(chain),
        )
        self.server = ticket_server.serve(self.AUTHORIZATION, self.SIGNING_KEY, (chain, key))
        self.server.tell = lambda call: self.refusals.append(call) if call["status"] == 422 else None
        self.make_channel(chain.read_text())
        apply(resource(
            "ReportTrigger", "stops", match={"labels": {"alertname": "Stopped"}}, cooldown="1s", staleAfter="1h",
            tokenSHA256=hashlib.sha256(self.TOKEN.encode()).hexdigest(), request={"pipelineRef": {"name": "alone"}},
            ticket={"channel": "tickets"},
        ))

    def make_channel(self, authority):
        address = f"https://127.0.0.1:{self.server.server_address[1]}/tickets"
        ticket = {
            "open": {"body": {"machine": "{label:machine}"}}, "id": "/data/id",
            "close": {"method": "PATCH", "url": f"{address}/{{id}}", "body": {"state": "closed"}},
        }
        apply(
            secret("tickets", key=self.SIGNING_KEY, authorization=self.AUTHORIZATION),
            secret("tickets-ca", **{"ca.crt": authority}),
            resource(
                "ReportChannel", "tickets", type="Webhook", allowedNamespaces={}, allowPrivateAddresses=True,
                tls={"caSecretRef": {"name": "tickets-ca"}},
                webhook={"url": address, "credentials": {"secretRef": {"name": "tickets"}}, "ticket": ticket},
            ),
            namespace=SYSTEM,
        )

    def end(self):
        kubectl("delete", "reportchannel", "tickets", namespace=SYSTEM)
        self.server.shutdown()
