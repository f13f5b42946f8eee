"""The API server, as the measurements need it: by its own HTTP interface, without any client library."""
import base64
import http.client
import json
import socket
import ssl
import subprocess
import tempfile
import urllib.parse


class Api:
    """One connection to the server that a kubeconfig names, kept open. For one thread; watches have their own."""

    def __init__(self, kubeconfig):
        config = json.loads(subprocess.check_output(
            ["kubectl", "--kubeconfig", kubeconfig, "config", "view", "--raw", "-o", "json"]))
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
        return Watch(self.connect(), path, version)

    def request_counts(self):
        """apiserver_request_total by (verb, group, resource)."""
        counts = {}
        for line in self.call("GET", "/metrics").decode().splitlines():
            if not line.startswith("apiserver_request_total{"):
                continue
            parts = line[line.index("{") + 1 : line.index("}")].split(",")
            labels = dict(part.split("=", 1) for part in parts if "=" in part)
            key = tuple(labels.get(name, '""').strip('"') for name in ("verb", "group", "resource"))
            counts[key] = counts.get(key, 0) + float(line.rsplit(" ", 1)[1])
        return counts


class Watch:
    """Events until the caller stops, or somebody closes it."""

    def __init__(self, connection, path, version):
        separator = "&" if "?" in path else "?"
        query = f"watch=1&resourceVersion={version}"
        connection.request("GET", f"{path}{separator}{query}", headers={"User-Agent": "bench"})
        self.socket = connection.sock
        self.connection = connection
        self.response = connection.getresponse()

    def __iter__(self):
        try:
            while line := self.response.readline():
                yield json.loads(line)
        finally:
            self.connection.close()

    def close(self):
        """From any thread: readers find the end."""
        self.socket.shutdown(socket.SHUT_RDWR)


def _pem(entry, name):
    if f"{name}-data" in entry:
        return base64.b64decode(entry[f"{name}-data"]).decode()
    with open(entry[name], encoding="ascii") as file:
        return file.read()
