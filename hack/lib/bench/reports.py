"""Pipelines, requests and their runs."""
import time

GROUP = "/apis/reports.ers.dev/v1"
STAGES = 3
ENDS = ("Succeeded", "Failed", "Cancelled")


def requests_path(namespace):
    return f"{GROUP}/namespaces/{namespace}/reportrequests"


def create_pipeline(cluster, namespace, name, stages=STAGES, is_scheduled=True, **concurrency):
    """One whose containers end at once; or whose pods are scheduled nowhere, so that no kubelet has its own mind."""
    stage = {"image": cluster.image, "command": ["true"]}
    if not is_scheduled:
        stage["podTemplate"] = {"spec": {"nodeSelector": {"no-such": "node"}}}
    cluster.api.call("POST", f"{GROUP}/namespaces/{namespace}/reportpipelines", {
        "apiVersion": "reports.ers.dev/v1", "kind": "ReportPipeline", "metadata": {"name": name},
        "spec": {"concurrency": concurrency, "stages": [dict(stage, name=f"s{i}") for i in range(stages)]}})


def create_request(api, namespace, name, pipeline, **spec):
    api.call("POST", requests_path(namespace), {
        "apiVersion": "reports.ers.dev/v1", "kind": "ReportRequest", "metadata": {"name": name},
        "spec": {"pipelineRef": {"name": pipeline}, **spec}})


def phase(item):
    return item.get("status", {}).get("phase")


def is_recorded(item):
    conditions = item.get("status", {}).get("conditions", [])
    return phase(item) in ENDS and any(c["type"] == "Recorded" and c["status"] == "True" for c in conditions)


def run_to_end(api, namespace, name, pipeline="instant"):
    """Creates a request and follows it; returns the seconds it took."""
    path = requests_path(namespace)
    version = api.get(path)["metadata"]["resourceVersion"]
    begin = time.monotonic()
    create_request(api, namespace, name, pipeline)
    for event in api.watch(f"{path}?fieldSelector=metadata.name%3D{name}", version):
        if (reached := phase(event["object"])) in ENDS:
            assert reached == "Succeeded", event["object"]["status"]
            return time.monotonic() - begin
    raise RuntimeError("the watch ended")


def end_pods(api, namespace, done, wanted=lambda pod: True):
    """Plays the kubelet: every pod that isn't `done` succeeds. So nothing is waited for but the operator."""
    path = f"/api/v1/namespaces/{namespace}/pods"
    for pod in api.get(path)["items"]:
        name = pod["metadata"]["name"]
        if name not in done and wanted(pod):
            end_pod(api, path, name)
            done.add(name)


def end_pod(api, path, name):
    """As the kubelet does when a pod's only container has ended well."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    ended = {"exitCode": 0, "reason": "Completed", "startedAt": moment, "finishedAt": moment}
    container = {"name": "stage", "image": "image", "imageID": "", "ready": False, "restartCount": 0}
    api.call("PATCH", f"{path}/{name}/status", {
        "status": {"phase": "Succeeded", "containerStatuses": [{**container, "state": {"terminated": ended}}]}},
        "application/merge-patch+json")
