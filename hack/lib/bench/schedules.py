"""What schedules cost, and how soon a tick becomes a request."""
from reports import GROUP
from runs import measure_idle
from table import middle_and_slowest, row, wait

NAMESPACE = "bench-schedules"
SCHEDULES = f"{GROUP}/namespaces/{NAMESPACE}/reportschedules"
JOBS = f"/apis/batch/v1/namespaces/{NAMESPACE}/jobs"


def measure(cluster, binary, options):
    cluster.create_namespace(NAMESPACE)
    api = cluster.api
    with binary.start(cluster, NAMESPACE) as operator:
        # Once through everything, so that what is only made at the first schedule isn't counted for the others.
        create_schedule(api, "first")
        wait_until_ready(api, 1)
        serve(cluster, [make_tick(api, "first", 0)])
        operator.settle()
        before = operator.resident_mib()
        for index in range(options.schedules):
            create_schedule(api, f"schedule-{index:04}")
        wait_until_ready(api, options.schedules + 1)
        operator.settle()
        report(f"resident memory that {options.schedules} schedules add, just made", before, operator.resident_mib())
        measure_idle(api, operator, reads_of_others=True)
        delays = [delay for index in range(20)
                  for delay in serve(cluster, [make_tick(api, f"schedule-{index:04}", 1)])]
        middle_and_slowest("from a tick's creation to its request's", delays, "50 ms")
    with binary.start(cluster, NAMESPACE) as operator:
        operator.settle(1)
        wait("the schedules to be in the store",
             lambda: operator.metric("store_objects", "reportschedules") > options.schedules)
        operator.settle(1)
        report(f"the same of an operator that begins with {options.schedules}", before, operator.resident_mib())


def report(name, before, after):
    row(name, f"{after[0] - before[0]:.1f} MiB ({after[1] - before[1]:.1f} private)", "5 MiB")


def create_schedule(api, name):
    """One that doesn't tick by itself meanwhile, of a pipeline that isn't there: its requests wait, and cost nothing."""
    api.call("POST", SCHEDULES, {
        "apiVersion": "reports.ers.dev/v1", "kind": "ReportSchedule", "metadata": {"name": name},
        "spec": {"schedule": "0 0 1 1 *", "concurrencyPolicy": "Allow", "request": {"spec": {
            "pipelineRef": {"name": "absent"}, "requester": {"name": "Dana Reyes", "email": "dana@example.com"},
            "parameters": {"period": "{month-1}", "company": "310507"}}}}})


def wait_until_ready(api, count):
    def all_ready():
        items = api.get(SCHEDULES)["items"]
        ready = [item for item in items for condition in item.get("status", {}).get("conditions", [])
                 if (condition["type"], condition["status"]) == ("Ready", "True")]
        return len(ready) >= count

    wait("the schedules to be ready", all_ready, limit=600, pause=1)


def make_tick(api, schedule, minute):
    """What to create, as the CronJob controller would."""
    version = "v1" if any(item["name"] == "cronjobs" for item in api.get("/apis/batch/v1")["resources"]) else "v1beta1"
    cron_job = api.get(f"/apis/batch/{version}/namespaces/{NAMESPACE}/cronjobs/{schedule}")
    template = cron_job["spec"]["jobTemplate"]
    owner = {"apiVersion": cron_job["apiVersion"], "kind": "CronJob", "name": schedule,
             "uid": cron_job["metadata"]["uid"], "controller": True, "blockOwnerDeletion": True}
    return {"apiVersion": "batch/v1", "kind": "Job", "spec": template["spec"],
            "metadata": {"name": f"{schedule}-{29581920 + minute}", "labels": template["metadata"]["labels"],
                         "ownerReferences": [owner]}}


def serve(cluster, ticks):
    """Milliseconds from the answer to each tick's creation to the answer to its request's."""
    audit = cluster.audit()
    for tick in ticks:
        cluster.api.call("POST", JOBS, tick)
    names = {tick["metadata"]["name"] for tick in ticks}
    writes = audit.collect(
        "the ticks and their requests",
        lambda write: (write.verb, write.namespace) == ("create", NAMESPACE)
        and write.resource in ("jobs", "reportrequests"),
        count=2 * len(ticks))
    made = {write.name: write.answered for write in writes if write.resource == "jobs"}
    return [(write.answered - made[write.name]) * 1000 for write in writes
            if write.resource == "reportrequests" and write.name in names]
