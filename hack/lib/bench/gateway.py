"""One gateway: how fast it answers a list, how soon events arrive at many, and what it keeps in memory; then two of them
that are restarted meanwhile.

In the environment: KUBECONFIG, MONGODB_ADMIN_URI.
"""
import argparse
import base64
import datetime
import json
import os
import pathlib
import random
import re
import selectors
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
import uuid

import pymongo
from bson.int64 import Int64

import restarts
from process import _free_port
from table import head, note, row, wait

NAMESPACE = "bench-gateway"
LIVE, SECONDS, STREAMS, CHANGES = 200, 30, 1000, 20


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--records", type=int, default=100_000)
    options = parser.parse_args()
    database = pymongo.MongoClient(os.environ["MONGODB_ADMIN_URI"])["bench_gateway"]
    fill(database, options.records)
    token = objects()
    head()
    with tempfile.TemporaryDirectory() as folder, Gateway(options.gateway, database.name, token, folder) as gateway:
        wait("the gateway to answer", gateway.answers)
        # It gives back what starting took when it has been quiet for ten to twenty seconds.
        time.sleep(25)
        idle = gateway.resident_mib()
        row("idle: resident memory", f"{idle:.1f} MiB", at_most="40 MiB")
        lists(gateway)
        events(gateway)
    with tempfile.TemporaryDirectory() as folder, \
            Gateway(options.gateway, database.name, token, folder) as one, \
            Gateway(options.gateway, database.name, token, folder) as other:
        for gateway in (one, other):
            wait("a gateway to answer", gateway.answers)
        restarts.measure(one, other, NAMESPACE, one.wrk_script())


def fill(database, count):
    """Reports that are over, of a year, as the operator records them, with its indexes."""
    note(f"recording {count} reports")
    reports = database.reports
    for keys in ([], ["requester.email"], ["requester.name"], ["pipeline"], ["phase"], ["namespace", "name"]):
        reports.create_index([(key, 1) for key in keys] + [("createdAt", -1), ("_id", -1)])
    if reports.estimated_document_count() >= count:
        return
    now = datetime.datetime.now(datetime.timezone.utc)
    random.seed(1)
    for begin in range(0, count, 5000):
        documents = []
        for n in range(begin, min(begin + 5000, count)):
            at = now - datetime.timedelta(seconds=60 + n * 300)
            documents.append({
                "_id": str(uuid.UUID(int=random.getrandbits(128))), "namespace": NAMESPACE, "name": f"past-{n}",
                "pipeline": "demo", "requester": {"name": "Dana", "email": "dana@example.com"}, "formats": ["pdf"],
                "parameters": {"period": "2026-10"}, "priority": 0, "phase": "Succeeded", "attempt": 1,
                "createdAt": at, "startedAt": at, "completedAt": at + datetime.timedelta(seconds=40), "generation": 1,
                "resourceVersion": "1", "versionOrder": "01", "progress": Int64(1),
                "stages": [{"name": stage, "phase": "Succeeded", "attempt": 1} for stage in ("extract", "publish")],
            })
        reports.insert_many(documents, ordered=False)


def kubectl(*arguments, manifest=None):
    done = subprocess.run(["kubectl", *arguments], input=manifest, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def objects():
    """Live requests, and the token of somebody who sees them."""
    note(f"making {LIVE} live requests")
    kind = {"apiVersion": "reports.ers.dev/v1"}
    items = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
             {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "bench", "namespace": NAMESPACE}},
             {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
              "metadata": {"name": NAMESPACE},
              "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
              "subjects": [{"kind": "ServiceAccount", "name": "bench", "namespace": NAMESPACE}]},
             {**kind, "kind": "ReportPipeline", "metadata": {"name": "demo", "namespace": NAMESPACE},
              "spec": {"title": "Demo", "parameters": [{"name": "period", "type": "month", "required": True}],
                       "stages": [{"name": "extract", "image": "busybox:1", "command": ["true"]}]}}]
    items += [{**kind, "kind": "ReportRequest", "metadata": {"name": f"live-{n}", "namespace": NAMESPACE},
               "spec": {"pipelineRef": {"name": "demo"}, "parameters": {"period": "2026-10"},
                        "requester": {"name": "Dana", "email": "dana@example.com"}}} for n in range(LIVE)]
    kubectl("apply", "--validate=false", "-f", "-",
            manifest=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    made = subprocess.run(["kubectl", "-n", NAMESPACE, "create", "token", "bench"], capture_output=True, text=True,
                          check=False)
    if made.returncode == 0:
        return made.stdout.strip()
    # Before Kubernetes 1.22 a Secret has it.
    name = wait("the token", lambda: kubectl("-n", NAMESPACE, "get", "serviceaccount", "bench", "-o",
                                             "jsonpath={.secrets[0].name}"))
    return base64.b64decode(kubectl("-n", NAMESPACE, "get", "secret", name, "-o", "jsonpath={.data.token}")).decode()


def lists(gateway):
    """200 connections that ask for the first page of live and past requests, as a page does."""
    for name, path in ((f"GET /requests, {LIVE} live, page of 50", "/requests?limit=50"),
                       ("GET /requests, past ones alone, page of 50", "/requests?live=false&limit=50")):
        note(f"wrk for {SECONDS} s: {path}")
        before = gateway.processor_seconds()
        text = subprocess.run(["wrk", "-t1", "-c200", f"-d{SECONDS}s", "--latency", "-s", str(gateway.wrk_script()),
                               gateway.address + path], capture_output=True, text=True, check=True,
                              timeout=SECONDS + 30).stdout
        cpu = gateway.processor_seconds() - before
        count = int(re.search(r"(\d+) requests in", text).group(1))
        found = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
        p99 = float(found.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[found.group(2)]
        row(f"{name}: a second", f"{count / SECONDS:.0f}", at_least="2000")
        row(f"{name}: slowest of a hundred", f"{p99:.0f} ms", at_most="50 ms")
        row(f"{name}: processor time of one", f"{cpu * 1000 / max(1, count):.2f} ms")
        if "Non-2xx" in text:
            raise RuntimeError(text)
    row("resident memory after it", f"{gateway.resident_mib():.1f} MiB")


def events(gateway):
    """From the answer to a change, which the API server has then, to the last of the streams."""
    note(f"opening {STREAMS} streams of events")
    before, selector, streams = gateway.resident_mib(), selectors.DefaultSelector(), []
    for _ in range(STREAMS):
        stream = socket.create_connection(("127.0.0.1", gateway.port))
        stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.token}\r\n\r\n".encode())
        streams.append(stream)
    for stream in streams:
        text = b""
        while b"event: ready" not in text:
            piece = stream.recv(65536)
            if not piece:
                raise RuntimeError(f"a stream ended: {text}")
            text += piece
        stream.setblocking(False)
        selector.register(stream, selectors.EVENT_READ)
    time.sleep(2)
    row(f"memory of one of {STREAMS} streams", f"{(gateway.resident_mib() - before) * 1024 / STREAMS:.1f} KiB",
        at_most="40 KiB")
    times = []
    for n in range(CHANGES):
        name = f"live-{n}"
        gateway.call("PATCH", f"/requests/{NAMESPACE}/{name}", json.dumps({"priority": n + 1}))
        told, unread, begin = set(), {}, time.monotonic()
        while len(told) < STREAMS:
            for key, _ in selector.select(timeout=10):
                unread[key.fd] = unread.get(key.fd, b"") + key.fileobj.recv(65536)
                if f'"name":"{name}"'.encode() in unread[key.fd]:
                    told.add(key.fd)
            if time.monotonic() - begin > 20:
                raise TimeoutError(f"only {len(told)} of {STREAMS} were told of {name}")
        times.append((time.monotonic() - begin) * 1000)
        time.sleep(0.2)
    row(f"a change to the last of {STREAMS} streams, median of {CHANGES}", f"{statistics.median(times):.0f} ms",
        at_most="150 ms")
    row(f"a change to the last of {STREAMS} streams, slowest", f"{max(times):.0f} ms", at_most="150 ms")
    for stream in streams:
        stream.close()


class Gateway:
    def __init__(self, program, database, token, folder):
        self.token, self.folder, self.port = token, folder, _free_port()
        self.address = f"http://127.0.0.1:{self.port}/api/v1"
        file = pathlib.Path(folder) / "uri"
        file.touch(0o600)
        file.write_text(re.sub(r"(mongodb://[^/]+)/[^?]*", rf"\1/{database}", os.environ["MONGODB_ADMIN_URI"]))
        environment = {key: value for key, value in os.environ.items() if key != "MONGODB_URI"}
        self.log = open(pathlib.Path(folder) / "log", "wb")
        self.command, self.environment = (
            [program, "run", "--kubeconfig", os.environ["KUBECONFIG"], "--mongodb-uri-file", str(file),
             "--courier-namespace", NAMESPACE, "--status-address", "off", "--address", f"127.0.0.1:{self.port}",
             "--requests-per-minute", "0", "--streams-per-person", "1000", "--log-level", "warning"], environment)
        self.process = None
        self._start()

    def _start(self):
        self.process = subprocess.Popen(self.command, stderr=self.log, env=self.environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def restart(self):
        """As a rolling update does: the next begins when this one has answered what it has."""
        self.process.send_signal(signal.SIGTERM)
        if status := self.process.wait(60):
            raise RuntimeError(f"the gateway ended with {status}")
        self._start()

    def wrk_script(self):
        script = pathlib.Path(self.folder) / "wrk.lua"
        # Not on the command line, where everybody on the machine can read it.
        script.write_text(f'wrk.headers["Authorization"] = "Bearer {self.token}"\n')
        return script

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.address + path, body and body.encode(), method=method, headers={
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def answers(self):
        try:
            return self.call("GET", "/requests?limit=1")["items"]
        except OSError:
            return None

    def _proc(self, name):
        return pathlib.Path(f"/proc/{self.process.pid}/{name}").read_text()

    def resident_mib(self):
        return int(re.search(r"VmRSS:\s+(\d+)", self._proc("status")).group(1)) / 1024

    def processor_seconds(self):
        fields = self._proc("stat").rsplit(")", 1)[1].split()
        return sum(int(fields[index]) for index in (11, 12)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
