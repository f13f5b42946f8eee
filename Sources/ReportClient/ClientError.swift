public import KubernetesClient
public import KubernetesModel
public import ReportStores

/// Why something can't be had, or done: what happened, not what to do next nor how to say it.
public enum ClientError: Error, Sendable {
    /// The API server refuses it, or can't be asked.
    case api(KubernetesError)
    /// It can't read a label selector.
    case selector(String, KubernetesError)
    /// It has no object of that name.
    case notFound(ResourceKind, name: String, namespace: String)
    /// It doesn't say whether it made the object.
    case creationUnknown(ResourceKind, name: String, KubernetesError)
    /// `pipeline`: of the run that can't be tried again.
    case retry(RetryRefusal, name: String, pipeline: String?)
    case schedule(ScheduleRefusal, name: String)
    /// The record refuses it, or can't be asked.
    case store(StoreTrouble)
    /// The record has no such report: neither by its id nor by the name of a request.
    case notRecorded(String, namespace: String)
    /// There will be no such file of a report, for that reason.
    case noFile(String)
    /// Nobody makes files, or not in that time.
    case noCourier(Duration)
}
