package import KubernetesModel
package import ReportAPI

/// The time that a tick is for.
package enum ScheduledTime {
    /// Nil for a tick that nobody scheduled: one that was asked for by hand.
    ///
    /// Kubernetes 1.32 and later write it on the Job. The Job's name ends in it too: in minutes since 1970, or in seconds
    /// up to 1.20.
    package static func of(_ tick: Tick, cronJob: String) -> Timestamp? {
        if tick.isManual { return nil }
        if let time = tick.scheduledTimestamp { return time }
        guard tick.metadata.name.hasPrefix("\(cronJob)-") else { return nil }
        let digits = tick.metadata.name.dropFirst(cronJob.utf8.count + 1).utf8
        guard (8...11).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        // Of the present, minutes have eight digits and seconds ten; both stay so for over a century.
        return Timestamp(seconds: digits.count < 10 ? number * 60 : number)
    }

    /// The time that placeholders stand for: of a tick by hand, when it was made.
    package static func effective(of tick: Tick, cronJob: String) -> Timestamp {
        of(tick, cronJob: cronJob) ?? tick.metadata.creationTimestamp ?? Timestamp(seconds: 0)
    }
}
