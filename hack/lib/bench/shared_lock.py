"""How one cluster's run hands the shared lock over to another's."""
import threading

from redis_socket import Listener
from reports import ENDS, create_pipeline, create_request, end_pods, phase, requests_path
from table import middle_and_slowest, note, wait

NAMESPACE = "bench-lock"
SAMPLES = 20


class Side:
    """One of the two clusters, its operator, and what its requests' writes say: each write is an event of the watch
    and an entry in the audit log, in the same order, and the log knows when and the watch knows what."""

    def __init__(self, cluster, binary, services, count):
        self.cluster = cluster
        cluster.create_namespace(NAMESPACE)
        create_pipeline(cluster, NAMESPACE, "shared", stages=1, is_scheduled=False, key="erp", scope="Shared")
        self.phases, self.ended_pods, self.audit = {}, set(), cluster.audit()
        self.events = cluster.api.watch(requests_path(NAMESPACE), "0")
        threading.Thread(target=self.follow, daemon=True).start()
        self.operator = binary.start(cluster, NAMESPACE, *services.redis_options, "--shared-lock-lease", "30")
        for index in range(count):
            create_request(cluster.api, NAMESPACE, f"run-{index:03}", "shared")

    def follow(self):
        for event in self.events:
            self.phases.setdefault(event["object"]["metadata"]["name"], []).append(phase(event["object"]))

    def stop(self):
        self.operator.stop()
        self.events.close()

    def running(self):
        return [name for name, phases in list(self.phases.items()) if phases[-1] == "Running"]

    def end_running_pod(self):
        before = len(self.ended_pods)
        end_pods(self.cluster.api, NAMESPACE, self.ended_pods)
        return len(self.ended_pods) > before

    def changes(self):
        """(write, the phase that it brought) of all requests' changes of phase."""
        writes, changes = {}, []
        for write in self.audit.read():
            if write.namespace == NAMESPACE and write.resource.startswith("reportrequests"):
                writes.setdefault(write.name, []).append(write)
        for name, phases in list(self.phases.items()):
            if len(writes[name]) != len(phases):
                raise RuntimeError(f"{name}: {len(writes[name])} writes, {len(phases)} events")
            pairs = zip(writes[name], phases, [None, *phases])
            changes += [(write, after) for write, after, before in pairs if after != before]
        return changes


def measure(clusters, binary, services):
    releases = Listener(services.redis_url, "reports:lock:released")
    sides = []
    try:
        for cluster in clusters:
            sides.append(Side(cluster, binary, services, SAMPLES // 2 + 2))
        take_turns(sides)
        handed = hand_overs(sides)
    finally:
        for side in sides:
            side.stop()
    from_write = [(begun.arrived - ended.answered) * 1000 for ended, begun in handed]
    from_release = []
    for ended, begun in handed:
        told = [at for at, _ in list(releases.messages) if ended.arrived < at < begun.arrived]
        if told:
            from_release.append((begun.arrived - told[0]) * 1000)
    middle_and_slowest("shared lock, from the write of one cluster's end to the other's start", from_write, "")
    middle_and_slowest("shared lock, from its release in Redis to the other's start", from_release, "50 ms")


def take_turns(sides):
    """Lets run after run end, each when both operators are quiet."""
    for _ in range(SAMPLES + 1):
        # The first waits until Redis, which is new to the operators, gives places at all.
        wait("a run to have the lock", lambda: any(side.running() for side in sides), limit=60)
        for side in sides:
            side.operator.settle()
        wait("the pod of the run", lambda: any([side.end_running_pod() for side in sides]))
        side, name = next((side, name) for side in sides for name in side.running())
        wait(f"the end of {name}", lambda: side.phases[name][-1] in ENDS)
    wait("the last hand-over", lambda: any(side.running() for side in sides))
    for side in sides:
        side.operator.settle()


def hand_overs(sides):
    """The writes of one side's end and the other's start, in pairs."""
    changes = sorted(((write, after, side) for side in sides for write, after in side.changes()
                      if after == "Running" or after in ENDS), key=lambda change: change[0].answered)
    pairs = []
    for (ended, end, before), (begun, start, after) in zip(changes, changes[1:]):
        if end not in ENDS or start != "Running":
            continue
        if before is after:
            note("a cluster had the lock twice in a row, which is not counted")
        else:
            pairs.append((ended, begun))
    return pairs[:SAMPLES]
