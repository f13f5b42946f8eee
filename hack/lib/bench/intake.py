"""From a message on the stream to its request and the request's first Job."""
import time

from redis_socket import RedisSocket
from reports import create_pipeline
from table import middle_and_slowest, row

SAMPLES = 20


def xadd(name, pipeline):
    return ("XADD", "reports:requests", "*", "id", name, "pipeline", pipeline)


def measure_single(cluster, binary, services):
    """Each message has its run started at once, and the operator is quiet before the next. The pods are scheduled
    nowhere, so that containers take no processor time from what is measured."""
    namespace, delays, redis = "bench-intake", [], RedisSocket(services.redis_url)
    cluster.create_namespace(namespace)
    create_pipeline(cluster, namespace, "single", stages=1, is_scheduled=False, limit=100)
    with binary.start(cluster, namespace, *services.options, "--intake-namespace", namespace) as operator:
        for index in range(SAMPLES + 1):
            operator.settle()
            audit, name = cluster.audit(), f"message-{index:03}"
            begin = time.time()
            redis.call(*xadd(name, "single"))
            [job] = audit.collect(
                "a message's Job",
                lambda write: write.verb == "create" and write.resource == "jobs" and write.name.startswith(name), 1)
            delays.append((job.arrived - begin) * 1000)
    redis.close()
    # The first one finds caches and connections cold.
    middle_and_slowest("from XADD to the creation of the first Job", delays[1:], "60 ms")


def measure_many(cluster, binary, services, count):
    """One run gets its turn and its pod is scheduled nowhere, so that the others queue: as a backlog of one report."""
    namespace, redis = f"bench-backlog-{count}", RedisSocket(services.redis_url)
    cluster.create_namespace(namespace)
    create_pipeline(cluster, namespace, "busy", is_scheduled=False, limit=1)
    with binary.start(cluster, namespace, *services.options, "--intake-namespace", namespace) as operator:
        operator.settle()
        audit = cluster.audit()
        begin, cpu = time.time(), operator.cpu_ms()
        redis.call_all([xadd(f"message-{index:05}", "busy") for index in range(count)])
        created = audit.collect(
            f"{count} requests",
            lambda write: (write.verb, write.resource, write.namespace) == ("create", "reportrequests", namespace),
            count, limit=300, pause=0.2)
        rate = count / (created[-1].answered - begin)
        operator.settle(quiet=1)
        spent = (operator.cpu_ms() - cpu) / count
    redis.close()
    row(f"{count} messages at once become requests", f"{rate:.0f}/s", at_least="200/s")
    row(f"CPU for each of {count} messages, until it is queued and recorded", f"{spent:.1f} ms")
