"""The API server's audit log: every write, with the moments of its arrival and of its answer."""
import datetime
import json

from table import wait


def _moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Write:
    """One write that was answered. Times are seconds of the machine's clock."""

    def __init__(self, entry):
        reference = entry.get("objectRef", {})
        self.verb = entry["verb"]
        self.namespace = reference.get("namespace", "")
        self.name = reference.get("name", "")
        self.resource = "/".join(filter(None, (reference.get("resource"), reference.get("subresource"))))
        self.code = entry.get("responseStatus", {}).get("code", 0)
        self.arrived = _moment(entry["requestReceivedTimestamp"])
        self.answered = _moment(entry["stageTimestamp"])


class AuditLog:
    """The log from now on. `read` gives each write once."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            self.offset = file.seek(0, 2)

    def read(self):
        """The writes since the last call that succeeded, in the order of their answers."""
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            data = file.read()
        end = data.rfind(b"\n") + 1
        self.offset += end
        entries = (json.loads(line) for line in data[:end].splitlines())
        writes = [Write(entry) for entry in entries if entry["stage"] == "ResponseComplete"]
        return sorted((write for write in writes if write.code < 300), key=lambda write: write.answered)

    def collect(self, what, wanted, count, limit=120.0, pause=0.02):
        """Waits for a number of writes that are `wanted`."""
        found = []

        def is_complete():
            found.extend(write for write in self.read() if wanted(write))
            return len(found) >= count

        wait(what, is_complete, limit, pause)
        return found
