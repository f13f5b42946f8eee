"""What many requests at once cost."""
import time

from reports import create_pipeline, create_request, end_pods, phase, requests_path
from runs import measure_idle
from table import row


def measure(cluster, binary, options):
    namespace = "bench-many"
    cluster.create_namespace(namespace)
    create_pipeline(cluster, namespace, "many", is_scheduled=False, limit=50)
    with binary.start(cluster, namespace) as operator:
        finish_all(cluster.api, operator, namespace, options.requests)
        measure_idle(cluster.api, operator)


def finish_all(api, operator, namespace, count):
    for index in range(count):
        create_request(api, namespace, f"many-{index}", "many")
    begin, cpu, done = time.monotonic(), operator.cpu_ms(), set()
    while sum(phase(item) == "Succeeded" for item in api.get(requests_path(namespace))["items"]) < count:
        if time.monotonic() > begin + 900:
            raise TimeoutError("the pods did not end")
        end_pods(api, namespace, done)
    total, private = operator.resident_mib()
    row(f"resident memory with {count} requests and their Jobs and pods", f"{total:.1f} MiB ({private:.1f} private)",
        "40 MiB")
    row(f"CPU for each of {count} runs at once", f"{(operator.cpu_ms() - cpu) / count:.1f} ms")
    row("runs a minute meanwhile", f"{count / (time.monotonic() - begin) * 60:.0f}")
