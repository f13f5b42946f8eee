import KubernetesModel
package import ReportAPI

/// Whose request it is can't be said by an owner reference: it outlives its tick, and its schedule.
extension ReportRequest {
    /// Whether it was made for a tick of the schedule of that uid, in whose namespace it is. A copy under another name, or in
    /// another namespace, was not, whatever labels it brings.
    package func isMade(forSchedule uid: String) -> Bool {
        guard metadata.labels[ReportsAPI.Label.scheduleUID] == uid,
            let tick = metadata.labels[ReportsAPI.Label.tickUID]
        else { return false }
        if let origin = metadata.labels[ReportsAPI.Label.origin] {
            return origin
                == TickRequest.origin(
                    schedule: uid, tick: tick, namespace: metadata.namespace, name: metadata.name)
        }
        // Made by a release before that label: such a request's name ends as its tick's does.
        let last = metadata.name.split(separator: "-").last ?? ""
        return last == Fingerprint.of(tick) || ((8...11).contains(last.utf8.count) && last.utf8.allSatisfy(isDigit))
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

extension Tick {
    /// Whether a CronJob of that name owns it. kubectl's Jobs are owned too, and not always controlled.
    package func isOwned(byCronJob name: String) -> Bool {
        metadata.ownerReferences.contains { $0.isOf(CronJob.resourceKind) && $0.name == name }
    }
}
