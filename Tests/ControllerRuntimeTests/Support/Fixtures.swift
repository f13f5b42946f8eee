import KubernetesModel
import Logging

@testable import ControllerRuntime

extension Job {
    /// A job by its name, version and uid.
    static func named(_ name: String, version: Int, uid: String? = nil, labels: [String: String] = [:]) -> Job {
        Job(
            metadata: ObjectMeta(
                name: name, namespace: "team-a", uid: uid ?? "uid-\(name)", resourceVersion: "\(version)",
                labels: labels))
    }
}

extension ObjectKey {
    static func job(_ name: String) -> ObjectKey { ObjectKey(namespace: "team-a", name: name) }
}

extension Store where R == Job {
    /// What the store holds, as `name@version`, in order.
    var contents: [String] { all().map { "\($0.metadata.name)@\($0.metadata.resourceVersion)" }.sorted() }

    /// As after a list of these.
    func replace(with jobs: [Job], resourceVersion: String) {
        replace(with: jobs.map(Stored.init), resourceVersion: resourceVersion)
    }
}

extension StoreChange where R == Job {
    /// The change in short, such as `+a@1`, `~a@1>2`, `-a@2`.
    var summary: String {
        switch self {
        case .added(let job): "+\(job.metadata.name)@\(job.metadata.resourceVersion)"
        case .updated(let old, let new):
            "~\(new.metadata.name)@\(old.metadata.resourceVersion)>\(new.metadata.resourceVersion)"
        case .deleted(let job): "-\(job.metadata.name)@\(job.metadata.resourceVersion)"
        }
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
