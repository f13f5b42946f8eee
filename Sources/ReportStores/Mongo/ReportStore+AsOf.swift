package import FoundationEssentials
import KubernetesModel
internal import MongoClient
package import ReportAPI
import ReportRecords

extension ReportStore {
    /// By uid, when the sources were read of what those of the runs that succeeded have published.
    ///
    /// What a stage wrote otherwise than it should is passed over: it must not keep the record from being written.
    package func asOf(of requests: [ReportRequest]) async throws(StoreTrouble) -> [String: Date] {
        let done = requests.filter { $0.status?.phase == .succeeded }
        guard !done.isEmpty else { return [:] }
        let ids = Set(done.map(\.metadata.uid)).sorted().map(BSONValue.string)
        let found = try await translated { () async throws(MongoError) -> [BSONDocument] in
            try await results.find(
                ["_id": ["$in": .array(ids)]], options: MongoFindOptions(projection: ["attempt": 1, "asOf": 1]),
                as: BSONDocument.self
            ).all()
        }
        let known = Dictionary(found.map { ($0["_id"]?.string ?? "", $0) }) { first, _ in first }
        var times: [String: Date] = [:]
        for request in done {
            guard let result = known[request.metadata.uid], let attempt = result["attempt"]?.integer else { continue }
            var said: Date?
            if case .date(let milliseconds) = result["asOf"] {
                said = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            }
            times[request.metadata.uid] = ReportRecord(request).asOf(
                publishedIn: Int(clamping: attempt), said: said)
        }
        return times
    }
}
