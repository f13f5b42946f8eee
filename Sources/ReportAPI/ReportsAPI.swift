/// The API group's constants: names that stand on objects and so never change within a version.
package enum ReportsAPI {
    package static let group = "reports.ers.dev"
    package static let version = "v1"

    /// What `app.kubernetes.io/managed-by` says on everything that the operator creates.
    package static let manager = "report-operator"

    /// Selects the Jobs and pods of every run: by our own label, since the common ones are rewritten by other tools.
    package static let runSelector = Label.requestUID

    package enum Finalizer {
        /// Keeps a request until its end, and its deletion, stand in the record.
        package static let record = "\(group)/record"
        /// Keeps a request until it has given the shared lock back.
        package static let sharedLock = "\(group)/shared-lock"
    }

    package enum Label {
        package static let managedBy = "app.kubernetes.io/managed-by"
        /// The request's name, shortened where it is longer than a label may be; for people.
        package static let request = "\(group)/request"
        /// The request's uid; what the operator goes by.
        package static let requestUID = "\(group)/request-uid"
        package static let stage = "\(group)/stage"
        package static let attempt = "\(group)/attempt"
        /// `ConcurrencyGroup.id`, so that what still runs of a deleted request keeps its place.
        package static let concurrencyGroup = "\(group)/concurrency-group"
        /// Which way in a request came, where it wasn't the API server's own: `redis`.
        package static let intake = "\(group)/intake"
    }

    package enum Annotation {
        /// The id of the stream's entry that a request came with.
        package static let streamEntry = "\(group)/stream-entry"
    }
}
