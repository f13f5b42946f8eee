package import KubernetesModel
package import ReportAPI

/// Everything that a decision about one request may rest on.
package struct ObservedRun: Sendable {
    package var request: ReportRequest
    /// The resource version at which it was first seen.
    package var arrival: String
    /// The pipeline that the request refers to; nil where it isn't there or isn't needed.
    package var pipeline: ReportPipeline?
    /// The Jobs that the request's uid owns, of every attempt.
    package var jobs: [Job]
    /// The pods that carry the request's uid.
    package var pods: [Pod]
    package var queue: Queue
    /// What came of the last pass's actions, by the object's name; only what failed.
    package var setbacks: [String: Setback]
    /// What Kubernetes' events told of the run's Jobs and pods when they were asked for, by uid.
    package var troubles: [String: Trouble]
    package var record: Record
    package var lock: Lock
    /// Whether something of it waits to be told outside the cluster.
    package var isUntold: Bool

    package init(
        request: ReportRequest,
        arrival: String? = nil,
        pipeline: ReportPipeline? = nil,
        jobs: [Job] = [],
        pods: [Pod] = [],
        queue: Queue = Queue(),
        setbacks: [String: Setback] = [:],
        troubles: [String: Trouble] = [:],
        record: Record = .notConfigured,
        lock: Lock = .notConfigured,
        isUntold: Bool = false
    ) {
        self.request = request
        self.arrival = arrival ?? request.metadata.resourceVersion
        self.pipeline = pipeline
        self.jobs = jobs
        self.pods = pods
        self.queue = queue
        self.setbacks = setbacks
        self.troubles = troubles
        self.record = record
        self.lock = lock
        self.isUntold = isUntold
    }
}

extension ObservedRun {
    /// The others of the request's concurrency group.
    package struct Queue: Hashable, Sendable {
        /// How many places are taken: by runs, and by what still runs of requests that are gone.
        package var holders: Int
        /// How many valid requests that haven't started stand before this one.
        package var waitingAhead: Int

        package init(holders: Int = 0, waitingAhead: Int = 0) {
            self.holders = holders
            self.waitingAhead = waitingAhead
        }
    }

    /// Why an object could not be created.
    package enum Setback: Hashable, Sendable {
        /// The API server will never take it as it is.
        case refused(String)
        /// It may take it later.
        case postponed(String)
    }

    /// The last warning that an object's events tell.
    package struct Trouble: Hashable, Sendable {
        /// When the events were read.
        package var readAt: Timestamp
        /// Kubernetes' word, such as `FailedCreate`; nil where no event warns.
        package var reason: String?
        package var message: String?

        package init(readAt: Timestamp, reason: String? = nil, message: String? = nil) {
            self.readAt = readAt
            self.reason = reason
            self.message = message
        }
    }

    /// How far the record outside the cluster has come.
    package enum Record: Hashable, Sendable {
        /// The operator runs without MongoDB.
        case notConfigured
        /// What stands in the request isn't stored yet.
        case pending
        /// All of it is stored, its deletion too where it is being deleted.
        case stored
        /// It can't be stored; why, and what to do.
        case unavailable(String)
    }

    /// This run's hold of the lock that several clusters share.
    package enum Lock: Hashable, Sendable {
        /// The operator runs without Redis.
        case notConfigured
        /// Nobody has asked for it since the operator started.
        case idle
        /// Asked for, or held before and not confirmed since; in one stable word and a sentence, why not.
        case waiting(reason: String, message: String)
        case held(fence: Int64)
        /// It had lapsed, and another run has it now.
        case lost
        /// It is being given back.
        case releasing
        case released
    }
}
