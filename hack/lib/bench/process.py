"""A process, as /proc tells of it."""
import os
import signal
import subprocess
import urllib.request


class Operator:
    def __init__(self, binary, namespace, port, log):
        self.log = open(log, "wb")
        self.address = f"127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [binary, "run", "--namespace", namespace, "--status-address", self.address],
            stderr=self.log,
        )

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://{self.address}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def calls(self):
        """API calls it has made so far, watches included, by its own count."""
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("rest_client_requests_total"))

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
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(40)
        self.log.close()
        return code
