"""What the record, the queue, the events and the shared lock cost."""
import catch_up
import footprint
import intake
import outage
import shared_lock
from cluster import Cluster
from services import Services
from table import note


def measure(cluster, binary, options):
    services = Services(options.services, binary.folder)
    second = Cluster(options.second_cluster)
    note("from a message to its first Job")
    intake.measure_single(cluster, binary, services)
    note("the shared lock")
    shared_lock.measure((cluster, second), binary, services)
    note("runs without and with stores")
    footprint.measure(cluster, binary, services, options.runs)
    note("runs beside a MongoDB that hangs")
    outage.measure(cluster, binary, services, options.runs)
    note("many messages at once")
    intake.measure_many(cluster, binary, services, options.messages)
    note("the catch-up after an outage of MongoDB")
    catch_up.measure(cluster, binary, services, options.messages)
