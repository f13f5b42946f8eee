"""From the end of a stage's Job to the next Job."""


def hand_overs(writes, namespace, runs):
    """Milliseconds from the answer to the write that ended a stage's Job to the arrival of the next Job's creation,
    within each run. 0 where the operator knew it, by its watch, before the writer had its answer."""
    delays, ended = [], {}
    for write in writes:
        if write.namespace != namespace or not write.resource.startswith("jobs"):
            continue
        # A Job's name begins with its request's.
        run = next((name for name in runs if write.name.startswith(f"{name}-")), None)
        if run is None:
            continue
        if write.resource == "jobs/status":
            ended[run] = write.answered
        elif write.verb == "create" and run in ended:
            delays.append(max(0, write.arrived - ended.pop(run)) * 1000)
    return delays
