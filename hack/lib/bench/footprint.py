"""What MongoDB and Redis add to a run and to an operator that is idle."""
import statistics

from reports import STAGES, create_pipeline, is_recorded, requests_path, run_to_end
from table import row, wait

NAMESPACE = "bench-footprint"
ROUNDS = 3


def measure(cluster, binary, services, runs):
    """The operator without and with both, by turns, so that both see the same machine."""
    cluster.create_namespace(NAMESPACE)
    create_pipeline(cluster, NAMESPACE, "instant")
    plain, stored = [], []
    for turn in range(ROUNDS):
        plain.append(costs(cluster, binary, f"plain-{turn}", runs, ()))
        stored.append(costs(cluster, binary, f"stored-{turn}", runs, services.options))
    units = (("CPU of a three-stage run", "{:.1f} ms", ""), ("API calls of a three-stage run", "{:.1f}", ""),
             ("resident memory after one run", "{:.1f} MiB", "15 MiB"), ("private memory of it", "{:.1f} MiB", ""))
    for (name, form, at_most), without, both in zip(units, zip(*plain), zip(*stored)):
        a, b = statistics.median(without), statistics.median(both)
        row(f"{name}: without stores, with both, added",
            ", ".join(form.format(value) for value in (a, b, b - a)), at_most)


def costs(cluster, binary, name, runs, options):
    """(ms of processor time a run, calls a run, MiB resident after the first run, MiB of them private)"""
    with binary.start(cluster, NAMESPACE, *options) as operator:
        run_and_record(cluster.api, operator, f"{name}-first", 1, options)
        memory = operator.resident_mib()
        cpu, calls = operator.cpu_ms(), operator.calls()
        run_and_record(cluster.api, operator, name, runs, options)
        return (operator.cpu_ms() - cpu) / runs, (operator.calls() - calls) / runs, *memory


def run_and_record(api, operator, name, count, is_stored):
    for index in range(count):
        run_to_end(api, NAMESPACE, f"{name}-{index:03}")
    operator.settle()
    if is_stored:
        own = [item for item in api.get(requests_path(NAMESPACE))["items"]
               if item["metadata"]["name"].startswith(f"{name}-")]
        wait("the runs to be recorded", lambda: all(map(is_recorded, own)), limit=1)
