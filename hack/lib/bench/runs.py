"""What a run costs, and what an idle operator does."""
import statistics
import time

from hand_overs import hand_overs
from instant import measure_instant
from reports import STAGES, create_pipeline, run_to_end
from table import middle_and_slowest, row


def job_by_hand(cluster, namespace, name):
    api, path = cluster.api, f"/apis/batch/v1/namespaces/{namespace}/jobs"
    version = api.get(path)["metadata"]["resourceVersion"]
    api.call("POST", path, {
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name},
        "spec": {"template": {"spec": {"restartPolicy": "Never", "automountServiceAccountToken": False, "containers": [
            {"name": "stage", "image": cluster.image, "command": ["true"]}]}}}})
    for event in api.watch(f"{path}?fieldSelector=metadata.name%3D{name}", version):
        for condition in event["object"].get("status", {}).get("conditions", []):
            if condition["type"] == "Complete" and condition["status"] == "True":
                return


def measure_runs(cluster, operator, namespace, count):
    run_to_end(cluster.api, namespace, "warm-up")
    audit = cluster.audit()
    cpu, calls, times, by_hand = operator.cpu_ms(), operator.calls(), [], []
    names = [f"run-{index:03}" for index in range(count)]
    for name in names:
        times.append(run_to_end(cluster.api, namespace, name))
        # The one after the other, so that both see the same machine.
        begin = time.monotonic()
        for stage in range(STAGES):
            job_by_hand(cluster, namespace, f"hand-{name}-{stage}")
        by_hand.append(time.monotonic() - begin)
    ratio = statistics.median(a / b for a, b in zip(times, by_hand))
    row("CPU of the operator for a three-stage run", f"{(operator.cpu_ms() - cpu) / count:.1f} ms", "6 ms")
    row("API calls for a three-stage run", f"{(operator.calls() - calls) / count:.1f}", f"{2 * STAGES + 3}")
    middle_and_slowest("next Job after the last one's pod has ended", hand_overs(audit.read(), namespace, names), "25 ms")
    row("three-stage run, median", f"{statistics.median(times):.2f} s")
    row("against three Jobs by hand in a row, median ratio", f"{ratio:.2f}")


def measure_idle(api, operator, seconds=30, reads_of_others=False):
    """`reads_of_others`: others read too, such as the garbage collector, which looks for the owner of all that is new."""
    before, cpu, calls = api.request_counts(), operator.cpu_ms(), operator.calls()
    time.sleep(seconds)  # The measurement itself: nothing is to happen meanwhile.
    after = api.request_counts()
    group = {key: after[key] - before.get(key, 0) for key in after if key[1] == "reports.ers.dev"}
    reads = sum(n for (verb, _, _), n in group.items() if verb in ("GET", "LIST"))
    writes = sum(n for (verb, _, _), n in group.items() if verb not in ("GET", "LIST", "WATCH"))
    if not reads_of_others:
        row(f"reads in {seconds} idle seconds", f"{reads:.0f}", "0")
    row(f"writes in {seconds} idle seconds", f"{writes:.0f}", "0")
    row(f"the operator's own calls in {seconds} idle seconds", f"{operator.calls() - calls:.0f}", "0")
    row("CPU of an idle operator", f"{(operator.cpu_ms() - cpu) / seconds:.2f} ms/s")


def measure(cluster, binary, options):
    namespace = "bench-runs"
    cluster.create_namespace(namespace)
    create_pipeline(cluster, namespace, "instant")
    with binary.start(cluster, namespace) as operator:
        measure_idle(cluster.api, operator)
        total, private = operator.resident_mib()
        row("resident memory, idle", f"{total:.1f} MiB ({private:.1f} private)", "25 MiB")
        measure_runs(cluster, operator, namespace, options.runs)
    measure_instant(cluster, binary, options.cluster_bench, options.runs)
