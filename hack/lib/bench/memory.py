"""What many requests at once cost, and how near their Jobs come to what the cluster itself can do."""
import concurrent.futures
import subprocess
import time

from api import Api
from node import Node
from reports import STAGES, create_pipeline, create_request, phase, requests_path
from runs import measure_idle
from table import row, wait

# How many runs go on at the same time.
LIMIT = 50


def measure(cluster, binary, options):
    namespace = "bench-many"
    cluster.create_namespace(namespace)
    create_pipeline(cluster, namespace, "many", is_scheduled=False, limit=LIMIT)
    with binary.start(cluster, namespace) as operator, Node(options.cluster_bench, cluster, namespace):
        jobs = finish_all(cluster, operator, namespace, options.requests)
        measure_idle(cluster.api, operator)
    floor = measure_floor(cluster, options.cluster_bench, options.requests * STAGES)
    row("Jobs of runs against Jobs that wait for nothing, as many at the same time", f"{jobs / floor:.2f}",
        at_least="0.85")


def finish_all(cluster, operator, namespace, count):
    """Jobs a second."""
    begin, cpu = time.monotonic(), operator.cpu_ms()
    create_all(cluster, namespace, count)
    path = requests_path(namespace)
    wait("all runs to succeed", pause=0.5, limit=900,
         holds=lambda: sum(phase(item) == "Succeeded" for item in cluster.api.get(path)["items"]) == count)
    took = time.monotonic() - begin
    operator.settle()
    total, private = operator.resident_mib()
    row(f"resident memory with {count} requests and their Jobs and pods", f"{total:.1f} MiB ({private:.1f} private)",
        "40 MiB")
    row(f"CPU for each of {count} runs at once", f"{(operator.cpu_ms() - cpu) / count:.1f} ms", "4 ms")
    row("runs a minute meanwhile", f"{count / took * 60:.0f}")
    return count * STAGES / took


def create_all(cluster, namespace, count):
    """By several connections: one alone would take a third of the time that the runs take."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        def create(first):
            api = Api(cluster.kubeconfig)
            for index in range(first, count, 8):
                create_request(api, namespace, f"many-{index}", "many")
        list(pool.map(create, range(8)))


def measure_floor(cluster, program, jobs):
    """Jobs a second of a program that makes them with nothing to wait for."""
    namespace = "bench-floor"
    cluster.create_namespace(namespace)
    with Node(program, cluster, namespace):
        took = float(subprocess.check_output(
            [program, "floor", "--kubeconfig", cluster.kubeconfig, "--namespace", namespace, "--jobs", str(jobs),
             "--live", str(LIMIT)], text=True, timeout=900))
    row(f"{jobs} Jobs that wait for nothing, {LIMIT} at the same time", f"{jobs / took:.1f} a second")
    return jobs / took
