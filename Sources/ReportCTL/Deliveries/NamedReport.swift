import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportRecords

/// A report that somebody names: by its request, by its id, or by one of its deliveries.
struct NamedReport: Sendable {
    var id: String
    var namespace: String
    /// Of its request; nil where only the id is known.
    var name: String?
    /// While it is there.
    var request: ReportRequest?
    /// Where it was asked for.
    var record: ReportRecord?
    /// The one that was named.
    var delivery: ReportDelivery?
    /// All of it that are resources, the newest first.
    var deliveries: [ReportDelivery] = []
    /// What the record keeps of its deliveries; nil where it wasn't asked, or couldn't be.
    var ledger: LedgerCopies?

    /// All deliveries that are known, the newest first.
    var known: [KnownDelivery] {
        KnownDelivery.all(deliveries, ledger: ledger?.readable ?? []).map { delivery in
            var delivery = delivery
            delivery.reportName = delivery.reportName ?? name
            return delivery
        }
    }

    /// Its name where it is known, for people.
    var title: String { name ?? id }

    /// Looks in the session's namespace, and asks the record only for what isn't there: it may be out of reach.
    ///
    /// `record`: finds a report by its id or the name of its request; throws where it can't be asked, or has none.
    static func find(
        _ text: String, _ session: Session, isNamespaceGiven: Bool,
        record: (String) async throws -> ReportRecord
    ) async throws -> NamedReport {
        let cluster = session.cluster
        let all = try await session.explaining { try await cluster.deliveries(namespace: session.namespace) }
        func report(_ request: ReportRequest) -> NamedReport {
            NamedReport(
                id: request.reportID, namespace: session.namespace, name: request.metadata.name, request: request,
                deliveries: all.filter { $0.spec.value?.reportID == request.reportID })
        }
        if NameForm.isSubdomain(text) {
            let found = try await session.explaining {
                try await cluster.find { client throws(KubernetesError) in
                    try await client.get(ReportRequest.self, name: text, namespace: session.namespace)
                }
            }
            if let found { return report(found) }
        }
        if let delivery = all.first(where: { $0.metadata.name == text || $0.spec.value?.reportID == text }) {
            let id = delivery.spec.value?.reportID ?? ""
            return NamedReport(
                id: id, namespace: session.namespace, name: delivery.metadata.labels[ReportsAPI.Label.request],
                delivery: delivery.metadata.name == text ? delivery : nil,
                deliveries: all.filter { $0.spec.value?.reportID == id })
        }
        return try await elsewhere(text, session, isNamespaceGiven, report, record)
    }

    private static func elsewhere(
        _ text: String, _ session: Session, _ isNamespaceGiven: Bool, _ report: (ReportRequest) -> NamedReport,
        _ record: (String) async throws -> ReportRecord
    ) async throws -> NamedReport {
        if isID(text) {
            let requests = try await session.explaining {
                try await session.cluster.items(ReportRequest.self, namespace: session.namespace)
            }
            if let request = requests.first(where: { $0.reportID == text }) { return report(request) }
        }
        let trouble: Trouble
        do {
            let found = try await record(text)
            return try await recorded(found, session, isNamespaceGiven)
        } catch let failure as Trouble { trouble = failure }
        // An id needs no record where somebody says which namespace it is of: the courier holds both against each other.
        if isID(text), isNamespaceGiven { return NamedReport(id: text, namespace: session.namespace) }
        throw Trouble(
            "namespace \(session.namespace) has no report request, report id or delivery \"\(text)\", and the record "
                + "doesn't help: \(trouble.message)",
            advice: [session.command("list"), session.commandEverywhere("deliveries")]
                + (isID(text) ? ["or, for a report's id, name its namespace: -n NAMESPACE"] : []) + trouble.advice)
    }

    private static func recorded(
        _ record: ReportRecord, _ session: Session, _ isNamespaceGiven: Bool
    ) async throws -> NamedReport {
        guard !isNamespaceGiven || record.namespace == session.namespace else {
            throw Trouble(
                "report \(record.uid) is of namespace \(record.namespace), not of \(session.namespace)",
                advice: ["name that one: -n \(record.namespace)"], code: .usage)
        }
        let deliveries = try await session.explaining {
            try await session.cluster.deliveries(of: record.uid, namespace: record.namespace)
        }
        return NamedReport(
            id: record.uid, namespace: record.namespace, name: record.name, record: record, deliveries: deliveries)
    }

    /// Whether it looks like a report's id, which is a uid, and not like a name.
    static func isID(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.joined().allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
    }
}
