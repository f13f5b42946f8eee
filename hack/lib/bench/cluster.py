"""One of hack/cluster's clusters."""
import shlex
import subprocess

from api import Api
from audit import AuditLog
from table import wait


def exports(command, name):
    """The variables that `hack/COMMAND --name NAME env` exports."""
    text = subprocess.check_output([f"hack/{command}", "--name", name, "env"], text=True)
    lines = (shlex.split(line) for line in text.splitlines() if line.startswith("export "))
    return dict(line[1].split("=", 1) for line in lines)


class Cluster:
    def __init__(self, name):
        self.exports = exports("cluster", name)
        self.kubeconfig = self.exports["KUBECONFIG"]
        self.api = Api(self.kubeconfig)
        # A control plane alone runs no image, and needs none.
        self.image = self.exports.get("REPORT_CLUSTER_TEST_IMAGE", "none.invalid/none")

    def audit(self):
        return AuditLog(self.exports["REPORT_CLUSTER_AUDIT_LOG"])

    def create_namespace(self, name):
        self.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        # Before it has its service account, no pod of it is admitted, and Jobs wait longer and longer.
        accounts = f"/api/v1/namespaces/{name}/serviceaccounts"
        wait(f"the service account of {name}", lambda: self.api.get(accounts)["items"])
