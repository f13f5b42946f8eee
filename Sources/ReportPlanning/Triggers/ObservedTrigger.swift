package import KubernetesModel
package import ReportAPI

/// Everything that a decision about one trigger may rest on.
package struct ObservedTrigger: Sendable {
    /// The pipeline that it names.
    package enum Pipeline: Sendable {
        /// It can't be read, and may be anything.
        case unknown
        case missing
        /// `zoneFault`: why the time zone of its report can't be, for people.
        case found(ReportPipeline, zoneFault: String?)
    }

    package enum Setback: Hashable, Sendable {
        /// The API server will never take it as it is.
        case refused(String)
        /// It may take it later.
        case postponed(String)
        /// Something else has that name.
        case taken
    }

    package var trigger: ReportTrigger
    package var pipeline: Pipeline
    /// Of the names that the trigger's requests have or will have: those that there are, and when they were made.
    package var requests: [String: Timestamp]
    /// What failed of the last passes, for this generation of the trigger, by requests' names.
    package var setbacks: [String: Setback]

    package init(
        trigger: ReportTrigger, pipeline: Pipeline = .unknown, requests: [String: Timestamp] = [:],
        setbacks: [String: Setback] = [:]
    ) {
        self.trigger = trigger
        self.pipeline = pipeline
        self.requests = requests
        self.setbacks = setbacks
    }
}
