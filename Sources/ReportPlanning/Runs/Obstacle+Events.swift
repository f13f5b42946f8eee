package import KubernetesModel

extension ObservedRun.Obstacle {
    /// What the events of an object say when they are read.
    package enum News: Hashable, Sendable {
        case warning(Warning)
        /// It has come on since it was warned of.
        case better
        case nothing

        /// What is known then. Events are kept for an hour, so that nothing proves nothing.
        package func warning(after before: Warning?) -> Warning? {
            switch self {
            case .warning(let warning): warning
            case .better: nil
            case .nothing: before
            }
        }

        /// Whether an event says something of the object.
        package static func counts(_ event: Event, of object: Event.Reference) -> Bool {
            let other = event.involvedObject
            let isOwn =
                object.uid.map { $0 == other?.uid } ?? (other?.kind == object.kind && other?.name == object.name)
            // What the scheduler says is in the pod's conditions, where it has an end.
            return isOwn && event.reason?.isSame(as: "FailedScheduling") != true
        }

        /// What the last of the object's events says. Of a claim's, ordinary ones say too what it waits for.
        package static func latest(of object: Event.Reference, among events: [Event]) -> News {
            let isClaim = object.kind == Event.Reference.claim
            let own = events.filter { counts($0, of: object) }
            let last = own.max {
                ResourceVersion.isOlder($0.metadata.resourceVersion, than: $1.metadata.resourceVersion)
            }
            guard let last, let reason = last.reason else { return .nothing }
            let isWarning = last.type == "Warning" || (isClaim && !settled.contains(reason))
            return isWarning
                ? .warning(
                    Warning(
                        reason: reason.head(bytes: 128),
                        message: text((last.message ?? "").head(bytes: 2048))))
                : .better
        }

        /// What is said of a claim that gets its volume.
        private static let settled: Set = ["ProvisioningSucceeded", "Provisioning"]

        /// Without the name of the pod that wasn't made, which is another one each time.
        private static func text(_ message: String) -> String {
            guard message.hasPrefix("Error creating: pods ") else { return message }
            for mark in [" is forbidden: ", " is invalid: "] {
                guard let range = message.ranges(of: mark).first else { continue }
                return "its pod\(mark)\(message[range.upperBound...])"
            }
            return message
        }
    }
}
