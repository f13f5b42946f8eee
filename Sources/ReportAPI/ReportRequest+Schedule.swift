import KubernetesModel

/// Whose request it is can't be said by an owner reference: it outlives its tick, and its schedule.
extension ReportRequest {
    /// Whether it was made for a tick of the schedule of that uid, in whose namespace it is. A copy under another name, or in
    /// another namespace, was not, whatever labels it brings.
    public func isMade(forSchedule uid: String) -> Bool {
        guard metadata.labels[ReportsAPI.Label.scheduleUID] == uid,
            let tick = metadata.labels[ReportsAPI.Label.tickUID]
        else { return false }
        if let origin = metadata.labels[ReportsAPI.Label.origin] {
            return origin
                == Self.origin(schedule: uid, tick: tick, namespace: metadata.namespace, name: metadata.name)
        }
        // Made by a release before that label: such a request's name ends as its tick's does.
        let last = metadata.name.split(separator: "-").last ?? ""
        return last == Fingerprint.of(tick) || ((8...11).contains(last.utf8.count) && last.utf8.allSatisfy(isDigit))
    }

    /// The uid of the schedule that it was made for; nil where its labels alone name one.
    public var scheduleUID: String? {
        metadata.labels[ReportsAPI.Label.scheduleUID].flatMap { isMade(forSchedule: $0) ? $0 : nil }
    }

    /// The name of the schedule that it was made for, shortened where it is longer than a label may be.
    public var scheduleName: String? {
        scheduleUID.flatMap { _ in metadata.labels[ReportsAPI.Label.schedule] }
    }

    /// The value of the label `origin`.
    public static func origin(schedule: String, tick: String, namespace: String, name: String) -> String {
        Fingerprint.of(schedule, tick, namespace, name)
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
