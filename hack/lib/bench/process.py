"""The operator's process, as /proc and its own status page tell of it."""
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request

from table import wait


class Binary:
    """The program under measurement, and the folder for its logs."""

    def __init__(self, path, folder):
        self.path = path
        self.folder = pathlib.Path(folder)
        self.size_mib = os.path.getsize(path) / 2**20

    def start(self, cluster, namespace, *options):
        operator = Operator(self, cluster, namespace, options)
        try:
            wait("the operator to be ready", operator.is_ready)
        except BaseException:
            operator.stop()
            raise
        return operator


class Operator:
    """Ends with the block that it is used in."""

    def __init__(self, binary, cluster, namespace, options):
        self.address = f"127.0.0.1:{_free_port()}"
        self.log = open(binary.folder / f"{namespace}-{time.monotonic_ns()}.log", "wb")
        self.process = subprocess.Popen(
            [binary.path, "run", "--namespace", namespace, "--kubeconfig", cluster.kubeconfig,
             "--status-address", self.address, *options],
            stderr=self.log,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def is_ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the operator ended: {pathlib.Path(self.log.name).read_text(encoding='utf-8')}")
        try:
            with urllib.request.urlopen(f"http://{self.address}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def metric(self, name, *labels):
        """The sum of a metric's values whose labels contain all of these."""
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines
                   if line.startswith((f"{name} ", f"{name}{{")) and all(label in line for label in labels))

    def calls(self):
        """API calls it has made so far, watches included, by its own count."""
        return self.metric("rest_client_requests_total")

    def settle(self, quiet=0.3):
        """Waits until it has made no call for a number of seconds."""
        last = [-1.0]

        def is_quiet():
            before, last[0] = last[0], self.calls()
            return before == last[0]

        wait("the operator to be quiet", is_quiet, pause=quiet)

    def cpu_ms(self):
        """Milliseconds of processor time, threads that have ended included; the kernel rounds it to ticks."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def resident_mib(self):
        """(all, private) resident memory; the difference is mapped from files, such as shared libraries."""
        fields = {}
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            for line in file:
                name, _, rest = line.partition(":")
                fields[name] = rest.split()
        return int(fields["VmRSS"][0]) / 1024, int(fields["RssAnon"][0]) / 1024

    def stop(self):
        try:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)
        finally:
            self.process.kill()
            self.process.wait()
            self.log.close()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
