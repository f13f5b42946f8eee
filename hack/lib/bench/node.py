"""A namespace's node that isn't there."""
import subprocess


class Node:
    """Every pod of the namespace ends as its annotations ask, at once without any, until the block ends."""

    def __init__(self, program, cluster, namespace):
        self.command = [program, "node", "--kubeconfig", cluster.kubeconfig, "--namespace", namespace]

    def __enter__(self):
        self.process = subprocess.Popen(self.command)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
