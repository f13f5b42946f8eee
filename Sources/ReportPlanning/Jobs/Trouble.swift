package import KubernetesModel

/// What the events of a Job or pod say of why nothing comes to run.
package enum Trouble {
    private static let limit = 1024

    /// The last warning among them, unless something went well later. What a scheduler says is a condition of the pod,
    /// and true for as long as it stands there.
    package static func last(of events: [Event], readAt: Timestamp) -> ObservedRun.Trouble {
        let never = Timestamp(seconds: 0)
        func time(_ event: Event) -> Timestamp {
            event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? never
        }
        let warnings = events.filter { $0.type == "Warning" && $0.reason != "FailedScheduling" }
        let better = events.filter { $0.type == "Normal" }.map(time).max() ?? never
        guard let last = warnings.max(by: { time($0) < time($1) }), time(last) >= better else {
            return ObservedRun.Trouble(readAt: readAt)
        }
        return ObservedRun.Trouble(
            readAt: readAt, reason: last.reason ?? "Warning", message: last.message.map(text)?.cut(toBytes: limit))
    }

    /// Without the name of the pod that wasn't made, which is another one each time.
    private static func text(_ message: String) -> String {
        let marks = [" is forbidden: ", " is invalid: "]
        guard message.hasPrefix("Error creating: pods "), let mark = marks.first(where: message.contains),
            let range = message.ranges(of: mark).first
        else { return message }
        return "its pod\(mark)\(message[range.upperBound...])"
    }
}
