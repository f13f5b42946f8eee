package import KubernetesModel
package import ReportAPI

/// Everything that a decision about one request may rest on.
package struct ObservedRun: Sendable {
    package var request: ReportRequest
    /// The resource version at which it was first seen.
    package var arrival: String
    /// The pipeline that the request refers to; nil where it isn't there or isn't needed.
    package var pipeline: ReportPipeline?
    /// Why the time zone of the pipeline's report can't be, for people.
    package var zoneFault: String?
    /// Whether its namespace's requests may bring pipelines of their own.
    package var inlinePipelines: InlinePipelines
    /// The Jobs that the request's uid owns, of every attempt.
    package var jobs: [Job]
    /// The uids of Jobs that are known to have been made for it, by their names: what its status doesn't tell yet.
    package var made: [String: String]
    /// The pods of its Jobs, also of those that are gone.
    package var pods: [Pod]
    package var queue: Queue
    /// Its place in the queue, if it has to wait.
    package var line: QueueLine
    /// What came of the last pass's actions, by the object's name; only what failed.
    package var setbacks: [String: Setback]
    /// What events said of a Job without pods, or of a pod that doesn't start, by the object's id.
    package var obstacles: [String: Obstacle]
    /// When the operator first saw each Job and pod, and the end of each, by its own clock: Kubernetes' clock may differ, so that
    /// a wait counts from here. And when Jobs were told to stop, by Kubernetes' clock. See `Sightings`.
    package var seen: [String: Timestamp]
    package var record: Record
    /// When the source was read of what it has published, as MongoDB has told; nil where nothing was, or it isn't known.
    package var asOf: Timestamp?
    package var lock: Lock
    /// Of the rows that it published, where its pipeline expects some.
    package var published: Published
    /// Whether something of it waits to be told outside the cluster.
    package var isUntold: Bool
    /// Nil where the operator makes no deliveries.
    package var deliveries: Deliveries?

    package init(
        request: ReportRequest,
        arrival: String? = nil,
        pipeline: ReportPipeline? = nil,
        zoneFault: String? = nil,
        inlinePipelines: InlinePipelines = .allowed,
        jobs: [Job] = [],
        made: [String: String] = [:],
        pods: [Pod] = [],
        queue: Queue = Queue(),
        line: QueueLine = QueueLine(),
        setbacks: [String: Setback] = [:],
        obstacles: [String: Obstacle] = [:],
        seen: [String: Timestamp] = [:],
        record: Record = .notConfigured,
        asOf: Timestamp? = nil,
        lock: Lock = .notConfigured,
        published: Published = .unread,
        isUntold: Bool = false,
        deliveries: Deliveries? = nil
    ) {
        self.request = request
        self.arrival = arrival ?? request.metadata.resourceVersion
        self.pipeline = pipeline
        self.zoneFault = zoneFault
        self.inlinePipelines = inlinePipelines
        self.jobs = jobs
        self.made = made
        self.pods = pods
        self.queue = queue
        self.line = line
        self.setbacks = setbacks
        self.obstacles = obstacles
        self.seen = seen
        self.record = record
        self.asOf = asOf
        self.lock = lock
        self.published = published
        self.isUntold = isUntold
        self.deliveries = deliveries
    }
}

extension ObservedRun {
    /// The others of the request's concurrency group.
    package struct Queue: Hashable, Sendable {
        /// How many places are taken: by runs, and by what still runs of requests that are gone.
        package var holders: Int
        /// How many valid requests that haven't started are before this one.
        package var waitingAhead: Int
        /// The names of those that have a place and can't be read: the place stays theirs, since they may run.
        package var unreadable: [String]

        package init(holders: Int = 0, waitingAhead: Int = 0, unreadable: [String] = []) {
            self.holders = holders
            self.waitingAhead = waitingAhead
            self.unreadable = unreadable
        }
    }

    /// Why an object could not be created.
    package enum Setback: Hashable, Sendable {
        /// The API server will never take it as it is.
        case refused(String)
        /// It may take it later.
        case postponed(String)
    }

    /// What the events of an object said when they were last read.
    package struct Obstacle: Hashable, Sendable {
        /// The latest warning's; nil where there was none.
        package var warning: Warning?
        package var readAt: Timestamp
        /// How often they have been read.
        package var reads: Int

        package init(warning: Warning? = nil, readAt: Timestamp, reads: Int = 1) {
            self.warning = warning
            self.readAt = readAt
            self.reads = reads
        }

        package struct Warning: Hashable, Sendable {
            /// Such as `FailedCreate` or `FailedMount`.
            package var reason: String
            package var message: String

            package init(reason: String, message: String) {
                self.reason = reason
                self.message = message
            }
        }
    }

    /// Where a refused status is among the setbacks; no object has such a name.
    package static let statusSetback = "/status"
    /// Where it is that the API server refuses the mark, as for a request whose annotations are as large as they may be.
    package static let markSetback = "/mark"

    /// How far the record outside the cluster has come.
    package enum Record: Hashable, Sendable {
        /// The operator runs without MongoDB.
        case notConfigured
        /// What is in the request isn't stored yet.
        case pending
        /// All of it is stored, its deletion too where it is being deleted.
        case stored
        /// It can't be stored; why, and what to do.
        case unavailable(String)
    }

    /// What is known of the rows that this attempt left published.
    package enum Published: Hashable, Sendable {
        /// Nobody has asked since the operator started, or since the attempt began.
        case unread
        /// Asked for.
        case asked
        /// Asked for, and it can't be read at the moment; why, and what to do.
        case unavailable(String)
        /// How many there are; 0 where nothing was published.
        case rows(Int)
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
