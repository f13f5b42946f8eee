package import KubernetesModel
package import ReportAPI

/// Everything that a decision about one request may rest on.
package struct Observed: Sendable {
    package var request: ReportRequest
    /// The pipeline that the request refers to; nil where it isn't there or isn't needed.
    package var pipeline: ReportPipeline?
    /// The Jobs that the request's uid owns, of every attempt.
    package var jobs: [Job]
    /// The pods that carry the request's uid.
    package var pods: [Pod]
    package var queue: Queue
    /// What came of the last pass's actions, by the object's name; only what failed.
    package var setbacks: [String: Setback]
    package var capabilities: Capabilities

    package init(
        request: ReportRequest,
        pipeline: ReportPipeline? = nil,
        jobs: [Job] = [],
        pods: [Pod] = [],
        queue: Queue = Queue(),
        setbacks: [String: Setback] = [:],
        capabilities: Capabilities = Capabilities()
    ) {
        self.request = request
        self.pipeline = pipeline
        self.jobs = jobs
        self.pods = pods
        self.queue = queue
        self.setbacks = setbacks
        self.capabilities = capabilities
    }
}

extension Observed {
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

    /// What this installation has besides Kubernetes.
    package struct Capabilities: Hashable, Sendable {
        package var sharedLock: Bool

        package init(sharedLock: Bool = false) { self.sharedLock = sharedLock }
    }
}
