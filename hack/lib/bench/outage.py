"""What a MongoDB that hangs does to runs."""
import statistics
from contextlib import nullcontext

from hand_overs import hand_overs
from reports import create_pipeline, is_recorded, requests_path, run_to_end
from table import row, wait

NAMESPACE = "bench-outage"
ROUNDS = 2


def measure(cluster, binary, services, runs):
    """The same operator with MongoDB well and hanging, by turns."""
    api, path = cluster.api, requests_path(NAMESPACE)
    cluster.create_namespace(NAMESPACE)
    create_pipeline(cluster, NAMESPACE, "instant")
    well, hanging = ([], []), ([], [])
    with binary.start(cluster, NAMESPACE, *services.options) as operator:
        run_to_end(api, NAMESPACE, "warm-up")
        for turn in range(ROUNDS):
            for kind, figures in (("well", well), ("hanging", hanging)):
                operator.settle()
                paused = services.without_mongodb("pause", "resume") if kind == "hanging" else nullcontext()
                with paused:
                    delays, times = some_runs(cluster, [f"{kind}-{turn}-{index:03}" for index in range(runs)])
                figures[0].extend(delays)
                figures[1].extend(times)
        wait("all to be recorded once MongoDB goes on", lambda: all(map(is_recorded, api.get(path)["items"])), 180, 0.5)
    both = list(zip(well, hanging))
    names = "next Job after the last one's end: MongoDB well, hanging, added"
    row(f"{names}; median of {len(well[0])}", compared([statistics.median(f) for f in both[0]], "{:.1f} ms"), "nothing")
    row(f"{names}; slowest", compared([max(f) for f in both[0]], "{:.1f} ms"))
    row("three-stage run, median: MongoDB well, hanging, added",
        compared([statistics.median(f) for f in both[1]], "{:.2f} s"))


def some_runs(cluster, names):
    audit = cluster.audit()
    times = [run_to_end(cluster.api, NAMESPACE, name) for name in names]
    return hand_overs(audit.read(), NAMESPACE, names), times


def compared(pair, form):
    return ", ".join(form.format(value) for value in (*pair, pair[1] - pair[0]))
