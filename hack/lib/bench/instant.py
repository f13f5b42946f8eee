"""Runs whose pods end as soon as they are there, so that nothing is waited for but the operator and the Job controller."""
import statistics
import time

from node import Node
from reports import STAGES, create_pipeline, run_to_end
from table import row

UNPLACED = {"no-such": "node"}


def jobs_by_hand(api, namespace, name):
    """Makes Jobs in a row, each once the one before it is Complete; the seconds that they took."""
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    begin = time.monotonic()
    for stage in range(STAGES):
        job = f"{name}-{stage}"
        version = api.get(path)["metadata"]["resourceVersion"]
        api.call("POST", path, {
            "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": job},
            "spec": {"template": {"spec": {
                "restartPolicy": "Never", "nodeSelector": UNPLACED,
                "containers": [{"name": "stage", "image": "localhost/none", "command": ["true"]}]}}}})
        for event in api.watch(f"{path}?fieldSelector=metadata.name%3D{job}", version):
            conditions = event["object"].get("status", {}).get("conditions", [])
            if any(each["type"] == "Complete" and each["status"] == "True" for each in conditions):
                break
    return time.monotonic() - begin


def measure_instant(cluster, binary, program, count):
    namespace = "bench-instant"
    cluster.create_namespace(namespace)
    create_pipeline(cluster, namespace, "instant", is_scheduled=False)
    times, by_hand = [], []
    with binary.start(cluster, namespace), Node(program, cluster, namespace):
        run_to_end(cluster.api, namespace, "warm-up")
        for index in range(count):
            times.append(run_to_end(cluster.api, namespace, f"run-{index:03}"))
            by_hand.append(jobs_by_hand(cluster.api, namespace, f"hand-{index:03}"))
    row("three-stage run whose pods end at once, median", f"{statistics.median(times):.2f} s", "0.5 s")
    row("three such Jobs by hand in a row, median", f"{statistics.median(by_hand):.2f} s")
