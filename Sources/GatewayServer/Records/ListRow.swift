internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import KubernetesModel
internal import ReportAPI

/// An entry of the list, live or past.
struct ListRow: Comparable {
    let uid: String
    let createdAt: Date
    /// Of a past one, as it is written.
    var bytes: [UInt8]?
    /// Of a live one.
    var request: Stored<ReportRequest>?

    init(uid: String, createdAt: Date, bytes: [UInt8]) {
        self.uid = uid
        self.createdAt = createdAt
        self.bytes = bytes
    }

    init(_ request: Stored<ReportRequest>) {
        uid = request.object.metadata.uid
        createdAt = (request.object.metadata.creationTimestamp ?? Timestamp(seconds: 0)).date
        self.request = request
    }

    var isQueued: Bool { request?.object.status?.phase == .queued }

    func isAfter(_ mark: TimeCursor) -> Bool { (createdAt, uid) < (mark.date, mark.id) }

    var cursor: TimeCursor {
        TimeCursor(milliseconds: Int64((createdAt.timeIntervalSince1970 * 1000).rounded()), id: uid)
    }

    /// Those of the record that aren't resources any more: the others are listed as such, or don't match any more.
    /// `there`: what is a resource at the moment that the list is of.
    static func past(_ found: [RecordDesk.RecordRow], but there: Set<String>) -> [ListRow] {
        found.filter { !there.contains($0.uid) }
            .map { ListRow(uid: $0.uid, createdAt: $0.createdAt, bytes: $0.bytes) }
    }

    /// The newest first; `next` where there are more.
    static func page(of rows: [ListRow], limit: Int) -> (rows: ArraySlice<ListRow>, next: TimeCursor?) {
        let page = rows.sorted { $0 > $1 }.prefix(limit)
        return (page, rows.count > limit ? page.last?.cursor : nil)
    }

    static func < (left: Self, right: Self) -> Bool { (left.createdAt, left.uid) < (right.createdAt, right.uid) }
    static func == (left: Self, right: Self) -> Bool { left.uid == right.uid }
}

extension TimeCursor {
    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
