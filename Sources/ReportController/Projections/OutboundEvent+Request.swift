import FoundationEssentials
import ReportAPI
import ReportRecords
import ReportStores

extension OutboundEvent {
    /// The phases that a request has come to since that moment, those of earlier attempts first. Stages' are in the
    /// record alone.
    static func all(
        of request: ReportRequest, since oldest: Date, origin: RecordOrigin = .unknown, asOf: Date? = nil
    ) -> [OutboundEvent] {
        let phases = ReportEvent.all(of: request, asOf: asOf).filter { $0.stage == nil }.sorted {
            $0.sequence < $1.sequence
        }
        // Phases are only ever added, so an event's place among them stays the same.
        return phases.enumerated().compactMap { index, event in
            guard event.at >= oldest, let payload = try? encoder.encode(Payload(event, origin)) else { return nil }
            return OutboundEvent(uid: event.requestUID, sequence: Int64(index + 1), payload: Array(payload))
        }
    }

    /// What subscribers read. Names stay as they are within a version.
    private struct Payload: Encodable {
        let id: String
        let uid: String
        let namespace: String
        let name: String
        let pipeline: String?
        let attempt: Int
        let phase: String
        let reason: String?
        let at: Date
        let asOf: Date?
        let cluster: String?
        let clusterName: String?
        let namespaceUID: String?

        init(_ event: ReportEvent, _ origin: RecordOrigin) {
            id = event.id
            uid = event.requestUID
            namespace = event.namespace
            name = event.name
            pipeline = event.pipeline
            attempt = event.attempt
            phase = event.phase
            reason = event.reason
            at = event.at
            asOf = event.asOf
            cluster = origin.cluster
            clusterName = origin.clusterName
            namespaceUID = origin.namespaceUID
        }
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
