import KubernetesModel
internal import MongoClient
import ReportRecords

extension ReportRecord {
    /// MongoDB takes 16 MiB; the rest is for what others add.
    private static let sizeLimit = 15 << 20

    /// The record's document. What makes it too large is left out or cut, and a note says so: a record with gaps is
    /// better than none.
    func fittedDocument(limit: Int = Self.sizeLimit) throws(MongoError) -> BSONDocument {
        var record = self
        for step in Reduction.allCases {
            let document = try BSONEncoder().encode(record)
            if document.bytes.count <= limit { return document }
            record.apply(step, size: document.bytes.count)
        }
        return try BSONEncoder().encode(record)
    }

    private enum Reduction: CaseIterable {
        case pipeline, parameters, messages, stages
    }

    private mutating func apply(_ step: Reduction, size: Int) {
        let what: String
        switch step {
        case .pipeline:
            what = "the pinned pipeline"
            if pinned != nil { pinned = .omitted }
        case .parameters:
            what = "long parameters"
            parameters = parameters?.prefix(1000).reduce(into: [:]) {
                $0[$1.key.cut(toBytes: 256)] = $1.value.cut(toBytes: 1024)
            }
        case .messages:
            what = "long messages"
            message = message?.cut(toBytes: 4096)
            for index in stages?.indices ?? 0..<0 { stages?[index].cutMessage() }
            for index in previousAttempts?.indices ?? 0..<0 {
                for stage in previousAttempts?[index].stages?.indices ?? 0..<0 {
                    previousAttempts?[index].stages?[stage].cutMessage()
                }
            }
        case .stages:
            what = "earlier attempts' stages"
            for index in previousAttempts?.indices ?? 0..<0 { previousAttempts?[index].stages = nil }
        }
        notes = (notes ?? []) + ["Left out, as the record would have had \(size) bytes: \(what)"]
    }
}

extension ReportRecord.Stage {
    fileprivate mutating func cutMessage() { message = message?.cut(toBytes: 4096) }
}
