public import FoundationEssentials

/// The last of what a stage printed in an attempt: a document of the collection `report_logs`.
///
/// Of a stage that was tried again within its attempt, it is the last pod's.
public struct StageLog: Codable, Hashable, Sendable {
    /// The number of bytes that are kept.
    public static let limit = 64 << 10

    /// `report/attempt/stage`.
    public var id: String
    /// The request's uid.
    public var reportID: String
    public var namespace: String
    public var name: String
    public var attempt: Int
    public var stage: String
    public var pod: String
    public var podUID: String
    /// Says which of a stage's pods came later.
    public var podCreatedAt: Date
    /// Whole lines, each with its newline. Empty where nothing was printed.
    public var text: String
    /// Whether more was printed before, or something could not be read.
    public var isCut: Bool

    public init(
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

    public static func id(of reportID: String, attempt: Int, stage: String) -> String {
        "\(reportID)/\(attempt)/\(stage)"
    }

    public enum CodingKeys: String, CodingKey {
        case id = "_id"
        case reportID, namespace, name, attempt, stage, pod, podUID, podCreatedAt, text, isCut
    }
}
