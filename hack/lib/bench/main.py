"""Measures the operator; see hack/bench."""
import argparse
import datetime
import os
import statistics
import subprocess
import tempfile
import time

from api import Api, audit_lines
from process import Operator

GROUP = "/apis/reports.ers.dev/v1"
STAGES = 3


def wait(what, holds, limit=120.0):
    """Waits for a condition with a deadline, and returns its value."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if value := holds():
            return value
        time.sleep(0.05)
    raise TimeoutError(f"waited {limit:.0f} s in vain for: {what}")


def pipeline(api, namespace, name, limit, is_scheduled):
    stage = {"image": os.environ["REPORT_CLUSTER_TEST_IMAGE"], "command": ["true"]}
    if not is_scheduled:
        stage["podTemplate"] = {"spec": {"nodeSelector": {"no-such": "node"}}}
    api.call("POST", f"{GROUP}/namespaces/{namespace}/reportpipelines", {
        "apiVersion": "reports.ers.dev/v1", "kind": "ReportPipeline", "metadata": {"name": name},
        "spec": {"concurrency": {"limit": limit}, "stages": [dict(stage, name=f"s{i}") for i in range(STAGES)]}})


def request(api, namespace, name, pipeline_name):
    return api.call("POST", f"{GROUP}/namespaces/{namespace}/reportrequests", {
        "apiVersion": "reports.ers.dev/v1", "kind": "ReportRequest", "metadata": {"name": name},
        "spec": {"pipelineRef": {"name": pipeline_name}}})


def run_to_end(api, namespace, name):
    """Creates a request and follows it; returns the seconds it took."""
    path = f"{GROUP}/namespaces/{namespace}/reportrequests"
    version = api.get(path)["metadata"]["resourceVersion"]
    begin = time.monotonic()
    request(api, namespace, name, "instant")
    for event in api.watch(f"{path}?fieldSelector=metadata.name%3D{name}", version):
        phase = event["object"].get("status", {}).get("phase")
        if phase in ("Succeeded", "Failed", "Cancelled"):
            assert phase == "Succeeded", event["object"]["status"]
            return time.monotonic() - begin
    raise RuntimeError("the watch ended")


def job_by_hand(api, namespace, name):
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    version = api.get(path)["metadata"]["resourceVersion"]
    api.call("POST", path, {
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name},
        "spec": {"template": {"spec": {"restartPolicy": "Never", "automountServiceAccountToken": False, "containers": [
            {"name": "stage", "image": os.environ["REPORT_CLUSTER_TEST_IMAGE"], "command": ["true"]}]}}}})
    for event in api.watch(f"{path}?fieldSelector=metadata.name%3D{name}", version):
        for condition in event["object"].get("status", {}).get("conditions", []):
            if condition["type"] == "Complete" and condition["status"] == "True":
                return


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def hand_overs(entries, namespace):
    """Milliseconds from the write that ended a stage's Job to the arrival of the next Job's creation."""
    ended, delays = None, []
    for entry in sorted(entries, key=lambda entry: entry["stageTimestamp"]):
        reference = entry.get("objectRef", {})
        if entry["stage"] != "ResponseComplete" or reference.get("namespace") != namespace:
            continue
        if reference.get("resource") != "jobs":
            continue
        if reference.get("subresource") == "status":
            ended = moment(entry["stageTimestamp"])
        elif entry["verb"] == "create" and ended is not None:
            delays.append((moment(entry["requestReceivedTimestamp"]) - ended) * 1000)
            ended = None
    return delays


def measure_runs(api, operator, namespace, count):
    run_to_end(api, namespace, "warm-up")
    _, offset = audit_lines(0)
    cpu, calls, times, by_hand, delays = operator.cpu_ms(), operator.calls(), [], [], []
    for index in range(count):
        times.append(run_to_end(api, namespace, f"run-{index}"))
        # The one after the other, so that both see the same machine.
        begin = time.monotonic()
        for stage in range(STAGES):
            job_by_hand(api, namespace, f"hand-{index}-{stage}")
        by_hand.append(time.monotonic() - begin)
        entries, offset = audit_lines(offset)
        delays += [d for d in hand_overs([e for e in entries if "run-" in e.get("objectRef", {}).get("name", "")
                                          or e["verb"] == "create"], namespace) if d >= 0]
    ratio = statistics.median(a / b for a, b in zip(times, by_hand))
    row("CPU of the operator for a three-stage run", f"{(operator.cpu_ms() - cpu) / count:.1f} ms", "6 ms")
    row("API calls for a three-stage run", f"{(operator.calls() - calls) / count:.1f}", f"{2 * STAGES + 3}")
    row("next Job after the last one's end, median", f"{statistics.median(delays):.1f} ms", "25 ms")
    row("next Job after the last one's end, slowest", f"{max(delays):.1f} ms", "25 ms")
    row("three-stage run, median", f"{statistics.median(times):.2f} s", "")
    row("against three Jobs by hand in a row, median ratio", f"{ratio:.2f}", "")


def measure_idle(api, operator, seconds=30):
    before, cpu, calls = api.request_counts(), operator.cpu_ms(), operator.calls()
    time.sleep(seconds)  # The measurement itself: so long is nothing to happen.
    after = api.request_counts()
    group = {key: after[key] - before.get(key, 0) for key in after if key[1] == "reports.ers.dev"}
    reads = sum(n for (verb, _, _), n in group.items() if verb in ("GET", "LIST"))
    writes = sum(n for (verb, _, _), n in group.items() if verb not in ("GET", "LIST", "WATCH"))
    row(f"reads in {seconds} idle seconds", f"{reads:.0f}", "0")
    row(f"writes in {seconds} idle seconds", f"{writes:.0f}", "0")
    row(f"the operator's own calls in {seconds} idle seconds", f"{operator.calls() - calls:.0f}", "0")
    row("CPU of an idle operator", f"{(operator.cpu_ms() - cpu) / seconds:.2f} ms/s", "")


def finish_pods(api, namespace, until):
    """Plays the kubelet: every pod succeeds at once. So memory is measured without waiting for containers."""
    path = f"/api/v1/namespaces/{namespace}/pods"
    done = set()
    deadline = time.monotonic() + 900
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("the pods did not end")
        for pod in api.get(path)["items"]:
            name = pod["metadata"]["name"]
            if name not in done:
                api.call("PATCH", f"{path}/{name}/status", {"status": {"phase": "Succeeded"}},
                         "application/merge-patch+json")
                done.add(name)


def measure_memory(api, operator, namespace, count):
    path = f"{GROUP}/namespaces/{namespace}/reportrequests"
    for index in range(count):
        request(api, namespace, f"many-{index}", "many")
    finished = lambda: sum(
        item.get("status", {}).get("phase") == "Succeeded" for item in api.get(path)["items"]) >= count
    begin, cpu = time.monotonic(), operator.cpu_ms()
    finish_pods(api, namespace, finished)
    total, private = operator.resident_mib()
    row(f"resident memory with {count} requests and their Jobs and pods", f"{total:.1f} MiB ({private:.1f} private)",
        "40 MiB")
    row(f"CPU for each of {count} runs at once", f"{(operator.cpu_ms() - cpu) / count:.1f} ms", "")
    row("runs a minute meanwhile", f"{count / (time.monotonic() - begin) * 60:.0f}", "")


def row(name, value, target):
    print(f"| {name} | {value} | {'≤ ' + target if target else ''} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--operator", required=True)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    api = Api()
    for namespace in ("bench-runs", "bench-many"):
        subprocess.run(["kubectl", "create", "namespace", namespace], check=True, stdout=subprocess.DEVNULL)
    pipeline(api, "bench-runs", "instant", 1, True)
    # These pods are scheduled nowhere, so that no kubelet has its own mind about them.
    pipeline(api, "bench-many", "many", 50, False)
    print("| what | measured | target |\n| --- | --- | --- |", flush=True)
    row("release binary", f"{os.path.getsize(options.operator) / 2**20:.1f} MiB", "")
    with tempfile.TemporaryDirectory() as folder:
        operator = Operator(options.operator, "bench-runs", 9191, f"{folder}/log")
        wait("the operator to be ready", operator.is_ready)
        measure_idle(api, operator)
        total, private = operator.resident_mib()
        row("resident memory, idle", f"{total:.1f} MiB ({private:.1f} private)", "25 MiB")
        measure_runs(api, operator, "bench-runs", options.runs)
        operator.stop()
        operator = Operator(options.operator, "bench-many", 9192, f"{folder}/log-many")
        wait("the operator to be ready", operator.is_ready)
        measure_memory(api, operator, "bench-many", options.requests)
        measure_idle(api, operator)
        operator.stop()


if __name__ == "__main__":
    main()
