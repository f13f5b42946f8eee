"""The API server, as the measurements need it: by its own HTTP interface, without any client library."""
import base64
import http.client
import json
import os
import ssl
import subprocess
import tempfile
import urllib.parse


class Api:
    """One connection to the server that KUBECONFIG names, kept open."""

    def __init__(self):
        config = json.loads(subprocess.check_output(["kubectl", "config", "view", "--raw", "-o", "json"]))
        cluster = config["clusters"][0]["cluster"]
        user = config["users"][0]["user"]
        self.address = urllib.parse.urlparse(cluster["server"])
        self.context = ssl.create_default_context(cadata=_pem(cluster, "certificate-authority"))
        with tempfile.NamedTemporaryFile("w") as cert, tempfile.NamedTemporaryFile("w") as key:
            cert.write(_pem(user, "client-certificate"))
            key.write(_pem(user, "client-key"))
            cert.flush()
            key.flush()
            self.context.load_cert_chain(cert.name, key.name)
        self.connection = self.connect()

    def connect(self):
        return http.client.HTTPSConnection(self.address.hostname, self.address.port, context=self.context, timeout=120)

    def call(self, method, path, body=None, kind="application/json"):
        headers = {"Content-Type": kind, "User-Agent": "bench"}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {text[:300]!r}")
        return text

    def get(self, path):
        return json.loads(self.call("GET", path))

    def watch(self, path, version):
        """Yields events until the caller stops."""
        connection = self.connect()
        separator = "&" if "?" in path else "?"
        connection.request("GET", f"{path}{separator}watch=1&resourceVersion={version}", headers={"User-Agent": "bench"})
        response = connection.getresponse()
        try:
            while line := response.readline():
                yield json.loads(line)
        finally:
            connection.close()

    def request_counts(self):
        """apiserver_request_total by (verb, group, resource)."""
        counts = {}
        for line in self.call("GET", "/metrics").decode().splitlines():
            if not line.startswith("apiserver_request_total{"):
                continue
            labels = dict(part.split("=", 1) for part in line[line.index("{") + 1 : line.index("}")].split(",") if "=" in part)
            key = tuple(labels.get(name, '""').strip('"') for name in ("verb", "group", "resource"))
            counts[key] = counts.get(key, 0) + float(line.rsplit(" ", 1)[1])
        return counts


def _pem(entry, name):
    if f"{name}-data" in entry:
        return base64.b64decode(entry[f"{name}-data"]).decode()
    with open(entry[name], encoding="ascii") as file:
        return file.read()


def audit_lines(since):
    """The audit log's entries after byte `since`, and where it ends now."""
    path = os.environ["REPORT_CLUSTER_AUDIT_LOG"]
    with open(path, "rb") as file:
        file.seek(since)
        data = file.read()
    end = data.rfind(b"\n") + 1
    return [json.loads(line) for line in data[:end].splitlines()], since + end
