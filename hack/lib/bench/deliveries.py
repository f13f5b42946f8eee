"""One courier that sends reports by mail to a real Postfix: how soon, how many a second, and what it costs.

In the environment: KUBECONFIG, MONGODB_ADMIN_URI, SMTPS_URL, SMTP_USER, SMTP_PASSWORD, SMTP_AUTHORITY, MAIL_FOLDER.
"""
import argparse
import base64
import datetime
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time
import types
import urllib.request
import uuid

import pymongo
from bson.decimal128 import Decimal128
from bson.int64 import Int64

from api import Api
from process import Binary, _free_port
from reports import ENDS, GROUP, create_request, phase, requests_path
from table import head, middle_and_slowest, note, row, wait

NAMESPACE = "bench-mail"
ROWS = 89


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--courier", required=True)
    parser.add_argument("--operator", required=True)
    parser.add_argument("--recipients", type=int, default=1000)
    options = parser.parse_args()
    database = pymongo.MongoClient(os.environ["MONGODB_ADMIN_URI"])["bench_mail"]
    report = record(database)
    channel()
    head()
    with tempfile.TemporaryDirectory() as folder, Courier(options.courier, database.name, folder) as courier:
        wait("the channel to be Ready", lambda: ready() == "True")
        idle(courier)
        single(database, courier, report)
        ends(database, courier, options.operator, folder)
        flood(database, courier, report, options.recipients)


def kubectl(*arguments, manifest=None):
    done = subprocess.run(["kubectl", *arguments], input=manifest, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def apply(*objects):
    items = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
    kubectl("apply", "--validate=false", "-f", "-", manifest=json.dumps(items))


def record(database):
    """A report that has succeeded, with rows; returns its id."""
    uid, now = str(uuid.uuid4()), datetime.datetime.now(datetime.timezone.utc)
    database.reports.insert_one({
        "_id": uid, "namespace": NAMESPACE, "name": "trial-balance-2026-10", "pipeline": "trial-balance",
        "requester": {"name": "Dana"}, "formats": ["pdf"], "priority": 0, "phase": "Succeeded", "attempt": 1,
        "createdAt": now, "startedAt": now, "completedAt": now, "generation": 1, "resourceVersion": "1",
        "versionOrder": "01", "progress": Int64(1),
    })
    publish(database, uid)
    return uid


def publish(database, uid):
    """As its stage does it."""
    now = datetime.datetime.now(datetime.timezone.utc)
    rows = [[f"Assets:Bank:{n}", Decimal128(f"{n * 1234 % 99999}.25"), f"Cost centre {n % 7}"] for n in range(ROWS)]
    database.report_rows.insert_one({"_id": f"{uid}/1/p/0", "reportID": uid, "attempt": 1, "n": 0, "rows": rows})
    database.report_results.insert_one({
        "_id": uid, "attempt": 1, "publication": "p", "buckets": 1, "rows": ROWS, "publishedAt": now,
        "columns": [{"name": "account", "type": "string"}, {"name": "closing", "type": "decimal"},
                    {"name": "centre", "type": "string"}],
    })


def channel():
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}

    def secret(name, **data):
        encoded = {key.replace("_", "."): base64.b64encode(value.encode()).decode() for key, value in data.items()}
        return {"apiVersion": "v1", "kind": "Secret", "type": "reports.ers.dev/channel",
                "metadata": {"name": name, "namespace": NAMESPACE}, "data": encoded}

    authority = pathlib.Path(os.environ["SMTP_AUTHORITY"]).read_text()
    apply(namespace)
    apply(secret("smtp", user=os.environ["SMTP_USER"], password=os.environ["SMTP_PASSWORD"]),
          secret("smtp-ca", ca_crt=authority),
          {"apiVersion": "reports.ers.dev/v1", "kind": "ReportChannel",
           "metadata": {"name": "mail", "namespace": NAMESPACE},
           "spec": {"type": "Mail", "allowedNamespaces": {}, "allowPrivateAddresses": True,
                    "tls": {"caSecretRef": {"name": "smtp-ca"}},
                    "mail": {"server": os.environ["SMTPS_URL"], "from": "Reports <reports@example.com>",
                             "allowedRecipients": ["@example.com"], "credentials": {"secretRef": {"name": "smtp"}}}}})


def delivery(name, report, recipients):
    return {"apiVersion": "reports.ers.dev/v1", "kind": "ReportDelivery",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {"reportID": report, "channel": "mail", "formats": ["pdf"], "to": recipients}}


def ready():
    return kubectl("get", "rch", "-n", NAMESPACE, "mail", "-o",
                   "jsonpath={.status.conditions[?(@.type=='Ready')].status}")


def sent(database, prefix):
    return database.report_deliveries.count_documents(
        {"name": {"$regex": f"^{prefix}"}, "phase": "Sent"})


def idle(courier):
    note("idle for 30 s")
    before = courier.calls()
    time.sleep(30)
    calls = {key: count - before.get(key, 0) for key, count in courier.calls().items() if count != before.get(key, 0)}
    row("idle: private memory", f"{courier.private_mib():.1f} MiB", at_most="25 MiB")
    row("idle: API calls in 30 s", ", ".join(f"{key} {count:.0f}" for key, count in calls.items()) or "none",
        at_most="the lease's (none here: it acts alone)")


def single(database, courier, report):
    """A delivery at a time: from its creation to the moment when Postfix has taken the mail, as the ledger says."""
    note("twenty deliveries, one at a time")
    times = []
    for n in range(20):
        begin = time.time()
        apply(delivery(f"single-{n}", report, [f"single-{n}@example.com"]))
        created = time.time()
        copy = wait("the copy to be sent", lambda n=n: database.report_deliveries.find_one(
            {"name": f"single-{n}", "phase": "Sent"}), pause=0.01)
        # kubectl's own start counts for nobody: the resource was there at some moment between the two.
        at = copy["at"].replace(tzinfo=datetime.timezone.utc).timestamp()
        times.append(1000 * max(0.0, at - (begin + created) / 2))
    middle_and_slowest("one delivery, from its creation (of which kubectl's half) to the mail accepted", times[1:], "300 ms")


def ends(database, courier, program, folder):
    """From the moment when a watch tells that a run has succeeded to that when Postfix has taken the mail, as the ledger says.

    Its pod is ended by hand: what it takes to start one is none of ours.
    """
    note("twenty runs, one at a time")
    api = Api(os.environ["KUBECONFIG"])
    api.call("POST", f"{GROUP}/namespaces/{NAMESPACE}/reportpipelines", {
        "apiVersion": "reports.ers.dev/v1", "kind": "ReportPipeline", "metadata": {"name": "ends"},
        "spec": {"stages": [{"name": "s0", "image": "example.org/stage:1"}],
                 "deliver": [{"channel": "mail", "formats": ["pdf"], "to": ["end@example.com"]}]}})
    cluster = types.SimpleNamespace(kubeconfig=os.environ["KUBECONFIG"])
    with Binary(program, folder).start(cluster, NAMESPACE, "--courier-namespace", NAMESPACE,
                                       "--mongodb-uri-file", str(courier.uri_file)):
        times = [end(database, api, f"end-{n}") for n in range(20)]
    middle_and_slowest("a report of 89 rows, from its run's end to the mail accepted", times[1:], "300 ms")


def end(database, api, name):
    """Milliseconds of one run."""
    path, pods = requests_path(NAMESPACE), f"/api/v1/namespaces/{NAMESPACE}/pods"
    create_request(api, NAMESPACE, name, "ends")
    uid = api.get(f"{path}/{name}")["metadata"]["uid"]
    mine = f"{pods}?labelSelector=reports.ers.dev%2Frequest%3D{name}"
    pod = wait("its stage's pod", lambda: api.get(mine)["items"])[0]["metadata"]["name"]
    publish(database, uid)
    version = api.get(path)["metadata"]["resourceVersion"]
    watch = api.watch(f"{path}?fieldSelector=metadata.name%3D{name}", version)
    api.call("PATCH", f"{pods}/{pod}/status", {"status": {"phase": "Succeeded"}}, "application/merge-patch+json")
    ended = next(time.time() for event in watch if phase(event["object"]) in ENDS)
    copy = wait("the copy to be sent", lambda: database.report_deliveries.find_one({"reportID": uid, "phase": "Sent"}),
                pause=0.01)
    return 1000 * (copy["at"].replace(tzinfo=datetime.timezone.utc).timestamp() - ended)


def flood(database, courier, report, count):
    note(f"{count} recipients")
    memory, processor = courier.resident_mib(), courier.processor_seconds()
    before = len(os.listdir(os.environ["MAIL_FOLDER"]))
    sizes = [min(200, count - first) for first in range(0, count, 200)]
    begin = time.monotonic()
    apply(*[delivery(f"flood-{n}", report, [f"r{n}-{i}@example.com" for i in range(size)])
            for n, size in enumerate(sizes)])
    peak = 0.0
    while sent(database, "flood-") < count:
        peak = max(peak, courier.resident_mib())
        if time.monotonic() - begin > 300:
            raise TimeoutError(f"{sent(database, 'flood-')} of {count} after 300 s")
        time.sleep(0.1)
    took = time.monotonic() - begin
    spent = courier.processor_seconds() - processor
    wait("the mails to lie in the folder", lambda: len(os.listdir(os.environ["MAIL_FOLDER"])) >= count + before)
    wait("the deliveries to say so", lambda: statuses() == {"Delivered"})
    ids = database.report_deliveries.distinct("sentID", {"name": {"$regex": "^flood-"}})
    row(f"{count} recipients, a PDF each: mails a second", f"{count / took:.0f}", at_least="50")
    row("processor time of the courier for one", f"{1000 * spent / count:.1f} ms")
    row("resident memory before, at its peak", f"{memory:.0f}, {peak:.0f} MiB", at_most="flat")
    row("different messages, mails in the folder",
        f"{len(ids)}, {len(os.listdir(os.environ['MAIL_FOLDER'])) - before}", at_most=f"{count}, {count}")


def statuses():
    text = kubectl("get", "rd", "-n", NAMESPACE, "-o", "jsonpath={range .items[*]}{.status.phase}{'\\n'}{end}")
    return set(text.split())


class Courier:
    def __init__(self, program, database, folder):
        self.address = f"127.0.0.1:{_free_port()}"
        uri = os.environ["MONGODB_ADMIN_URI"]
        self.uri_file = pathlib.Path(folder) / "uri"
        self.uri_file.write_text(re.sub(r"(mongodb://[^/]+)/[^?]*", rf"\1/{database}", uri))
        self.log = open(pathlib.Path(folder) / "log", "wb")
        self.process = subprocess.Popen(
            [program, "run", "--courier-namespace", NAMESPACE, "--kubeconfig", os.environ["KUBECONFIG"],
             "--mongodb-uri-file", str(self.uri_file), "--work-folder", folder, "--status-address", self.address],
            stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _proc(self, name):
        return pathlib.Path(f"/proc/{self.process.pid}/{name}").read_text()

    def private_mib(self):
        return sum(int(kib) for kib in re.findall(r"^Private_\w+:\s+(\d+) kB", self._proc("smaps_rollup"), re.M)) / 1024

    def resident_mib(self):
        return int(re.search(r"VmRSS:\s+(\d+)", self._proc("status")).group(1)) / 1024

    def processor_seconds(self):
        """Its own and that of its children, which render."""
        fields = self._proc("stat").rsplit(")", 1)[1].split()
        return sum(int(fields[index]) for index in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")

    def calls(self):
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=5) as answer:
            page = answer.read().decode()
        found = re.findall(r'^rest_client_requests_total\{([^}]*)\} (\S+)', page, re.M)
        return {labels: float(value) for labels, value in found}


if __name__ == "__main__":
    main()
