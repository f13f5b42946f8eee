import KubernetesModel
import ReportAPI
import ReportPlanning
import Synchronization

/// At which version each request was first seen, until its status says so: to set its finalizers gives it another one.
/// Memory only: after a restart, whoever nothing has been written to still has its first version.
package final class Arrivals: Sendable {
    private let byUID = Mutex<[String: String]>([:])

    package init() {}

    func of(_ request: ReportRequest) -> String {
        if let arrival = request.status?.arrival {
            forget(request.metadata.uid)
            return arrival
        }
        let version = request.metadata.resourceVersion
        return byUID.withLock { arrivals in
            let first = arrivals[request.metadata.uid]
            // Two may be looked at in the other order than they came.
            if let first, !ResourceVersion.isOlder(version, than: first) { return first }
            arrivals[request.metadata.uid] = version
            return version
        }
    }

    func forget(_ uid: String) { byUID.withLock { $0[uid] = nil } }
}
