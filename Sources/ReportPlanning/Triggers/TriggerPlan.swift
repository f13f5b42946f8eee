package import KubernetesModel
package import ReportAPI

/// What to do next for one trigger: requests to make, in order, up to the first that fails; the status; then what failed
/// before and is tried again.
package struct TriggerPlan: Hashable, Sendable {
    package var requests: [TriggerRequest] = []
    /// Nil when it stands already, and while there are requests to make, which it has to tell of.
    package var status: ReportTriggerStatus?
    package var retries: [TriggerRequest] = []
    /// When to look again though nothing has changed.
    package var wakeAt: Timestamp?

    package init() {}

    package var isEmpty: Bool { requests.isEmpty && status == nil && retries.isEmpty }
}
