package import KubernetesModel

/// An object of a file, as somebody wrote it.
package struct LintManifest: Sendable {
    /// The file, and the line that it begins at, such as `reports.yaml:12`.
    package var place: String
    package var object: JSONValue

    package init(place: String, object: JSONValue) {
        self.place = place
        self.object = object
    }
}

/// What is wrong with one.
package struct LintFinding: Encodable, Hashable, Sendable {
    package enum Level: String, Encodable, Sendable {
        case error
        /// It may be right: what it rests on isn't known here.
        case warning
    }

    package var level: Level
    package var place: String
    /// Such as `ReportPipeline trial-balance`.
    package var subject: String
    package var message: String

    package init(_ level: Level, place: String, subject: String, message: String) {
        self.level = level
        self.place = place
        self.subject = subject
        self.message = message
    }
}
