"""Measures the operator; see hack/bench."""
import argparse
import signal
import sys
import tempfile

import memory
import runs
import schedules
import stores
from cluster import Cluster
from process import Binary
from table import head, note, row

PARTS = {"runs": runs, "memory": memory, "schedules": schedules, "stores": stores}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--operator", required=True)
    parser.add_argument("--cluster-bench", required=True)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--second-cluster")
    parser.add_argument("--services")
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("parts", nargs="+", choices=PARTS)
    options = parser.parse_args()
    # As an exception, so that every operator is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: told to end"))
    cluster = Cluster(options.cluster)
    head()
    with tempfile.TemporaryDirectory() as folder:
        binary = Binary(options.operator, folder)
        row("release binary", f"{binary.size_mib:.1f} MiB")
        for part in options.parts:
            note(f"measuring {part}")
            PARTS[part].measure(cluster, binary, options)
    note("done")


if __name__ == "__main__":
    main()
