package import BSON

/// What a paragraph of a report is about: a document of one collection. In their order in a report.
package enum ArchiveKind: Int, CaseIterable, Sendable, Comparable {
    case record, event, log, delivery, result, rows, file, chunk, stageFile, stageChunk

    package var collection: String {
        switch self {
        case .record: "reports"
        case .event: "report_events"
        case .result: "report_results"
        case .rows: "report_rows"
        case .log: "report_logs"
        case .delivery: "report_deliveries"
        case .file: "report_files.files"
        case .chunk: "report_files.chunks"
        case .stageFile: "report_stage_files.files"
        case .stageChunk: "report_stage_files.chunks"
        }
    }

    /// As a paragraph begins.
    var noun: String {
        switch self {
        case .record: "The record"
        case .event: "An event"
        case .log: "A log"
        case .delivery: "An entry of the ledger of deliveries"
        case .result: "The result"
        case .rows: "A part of the rows"
        case .file: "A file that was made of it"
        case .chunk: "A chunk of that file"
        case .stageFile: "A file that a stage made"
        case .stageChunk: "A chunk of that stage's file"
        }
    }

    /// The kind of its chunks; nil of what isn't a file.
    package var chunks: ArchiveKind? {
        switch self {
        case .file: .chunk
        case .stageFile: .stageChunk
        case .record, .event, .log, .delivery, .result, .rows, .chunk, .stageChunk: nil
        }
    }

    package var isChunk: Bool { self == .chunk || self == .stageChunk }

    /// The field that names the report; nil of chunks, which name their file.
    package var ownerField: String? {
        switch self {
        case .record, .result: "_id"
        case .event: "requestUID"
        case .rows, .log, .delivery: "reportID"
        case .file, .stageFile: "metadata.reportID"
        case .chunk, .stageChunk: nil
        }
    }

    /// The id of the report that a document belongs to.
    package func owner(of document: BSONDocument) -> String? {
        switch self {
        case .file, .stageFile: document["metadata"]?.document?["reportID"]?.string
        case .record, .event, .log, .delivery, .result, .rows, .chunk, .stageChunk:
            ownerField.flatMap { document[$0]?.string }
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
