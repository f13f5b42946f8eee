package import FoundationEssentials

/// The last of what a stage printed in an attempt: a document of the collection `report_logs`.
///
/// Of a stage that was tried again within its attempt, it is the last pod's.
package struct StageLog: Codable, Hashable, Sendable {
    /// So many bytes of it are kept.
    package static let limit = 64 << 10

    /// `report/attempt/stage`.
    package var id: String
    /// The request's uid.
    package var reportID: String
    package var namespace: String
    package var name: String
    package var attempt: Int
    package var stage: String
    package var pod: String
    package var podUID: String
    /// Says which of a stage's pods came later.
    package var podCreatedAt: Date
    /// Whole lines, each with its newline. Empty where nothing was printed.
    package var text: String
    /// Whether more was printed before, or something could not be read.
    package var isCut: Bool

    package init(
        reportID: String, namespace: String, name: String, attempt: Int, stage: String, pod: String, podUID: String,
        podCreatedAt: Date, text: String, isCut: Bool
    ) {
        id = Self.id(of: reportID, attempt: attempt, stage: stage)
        self.reportID = reportID
        self.namespace = namespace
        self.name = name
        self.attempt = attempt
        self.stage = stage
        self.pod = pod
        self.podUID = podUID
        self.podCreatedAt = podCreatedAt
        self.text = text
        self.isCut = isCut
    }

    package static func id(of reportID: String, attempt: Int, stage: String) -> String {
        "\(reportID)/\(attempt)/\(stage)"
    }

    package enum CodingKeys: String, CodingKey {
        case id = "_id"
        case reportID, namespace, name, attempt, stage, pod, podUID, podCreatedAt, text, isCut
    }
}
