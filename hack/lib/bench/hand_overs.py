"""From the end of a stage's pod to the next Job."""


def hand_overs(writes, namespace, runs):
    """Milliseconds from the answer to the kubelet's write that ended a stage's pod, its last one before it, to the arrival of
    the next Job's creation, within each run. 0 where the operator knew it, by its watch, before the writer had its answer."""
    delays, ended = [], {}
    for write in writes:
        if write.namespace != namespace:
            continue
        # A Job's name begins with its request's, and a pod's with its Job's.
        run = next((name for name in runs if write.name.startswith(f"{name}-")), None)
        if run is None:
            continue
        if write.resource == "pods/status":
            ended[run] = write.answered
        elif write.resource == "jobs" and write.verb == "create" and run in ended:
            delays.append(max(0, write.arrived - ended.pop(run)) * 1000)
    return delays
