"""How fast what has piled up in an outage of MongoDB is recorded."""
import time
from concurrent.futures import ThreadPoolExecutor

from reports import ENDS, create_pipeline, create_request, is_recorded, phase, requests_path
from table import row, wait

NAMESPACE = "bench-catch-up"


def measure(cluster, binary, services, count):
    """Requests with a parameter that the pipeline hasn't, which end as soon as they are looked at."""
    api, path = cluster.api, requests_path(NAMESPACE)
    cluster.create_namespace(NAMESPACE)
    create_pipeline(cluster, NAMESPACE, "strict")
    with binary.start(cluster, NAMESPACE, *services.options) as operator, ThreadPoolExecutor(1) as pool:
        with services.without_mongodb("stop", "start"):
            for index in range(count):
                create_request(api, NAMESPACE, f"refused-{index:05}", "strict", parameters={"no-such": "x"})
            have_ended = lambda: all(phase(item) in ENDS for item in api.get(path)["items"])
            wait(f"{count} requests to end", have_ended, 180, 1)
            operator.settle(quiet=1)
            audit = cluster.audit()
            # The operator may find that MongoDB is back before its start has been confirmed.
            following = pool.submit(follow, operator, operator.metric(WRITES, MONGODB), count)
        back = time.time()
        samples = following.result()
        operator.settle(quiet=1)
        items = api.get(path)["items"]
        wait("all to be recorded", lambda: all(map(is_recorded, items)) and len(items) == count, limit=1)
        recorded = [write for write in audit.read() if write.namespace == NAMESPACE]
    tell(count, back, samples, recorded, documents(items))


WRITES, MONGODB = "report_operator_store_writes_total", 'store="mongodb"'


def follow(operator, before, count):
    """(moment, requests written) from the first batch on."""
    samples = []

    def is_complete():
        written = operator.metric(WRITES, MONGODB) - before
        if written > 0:
            samples.append((time.time(), written))
        return written >= count

    wait("MongoDB to have everything", is_complete, 180, 0.02)
    return samples


def documents(items):
    """Documents for each request: its record and its events."""
    return sum(1 + len(item["status"].get("transitions", [])) for item in items) / len(items)


def tell(count, back, samples, recorded, each):
    (begin, first), (end, last) = samples[0], samples[-1]
    rate = (last - first) / (end - begin)
    row(f"catch-up of {count} requests: records and events written to MongoDB", f"{rate * each:.0f}/s ({rate:.0f} "
        f"requests of {each:.0f})", at_least="1000/s")
    row("catch-up: from MongoDB's taking writes again to the first batch", f"{max(0, begin - back):.1f} s")
    row("catch-up: from the first batch until all are Recorded=True", f"{recorded[-1].answered - begin:.1f} s")
