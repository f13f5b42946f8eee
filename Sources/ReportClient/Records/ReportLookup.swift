package import ReportRecords
package import ReportStores

/// Finds the report that somebody means.
package struct ReportLookup: Sendable {
    private let store: ReportStore
    private let namespace: String
    private let cluster: String?

    /// `cluster`: the only one that a name counts in, by its name or uid; nil: the newest of all counts.
    package init(_ store: ReportStore, namespace: String, cluster: String? = nil) {
        self.store = store
        self.namespace = namespace
        self.cluster = cluster
    }

    /// By its id, or as the newest request of that name in the namespace.
    package func record(_ report: String) async throws(ClientError) -> ReportRecord {
        let found = try await store.ask { [namespace, cluster] store throws(StoreTrouble) -> ReportRecord? in
            if let record = try await store.record(uid: report) { return record }
            return try await store.record(name: report, namespace: namespace, cluster: cluster)
        }
        guard let found else { throw .notRecorded(report, namespace: namespace) }
        return found
    }
}

extension ReportStore {
    package func ask<Value>(
        _ request: (ReportStore) async throws(StoreTrouble) -> Value
    ) async throws(ClientError) -> Value {
        let result: Result<Value, StoreTrouble>
        do throws(StoreTrouble) { result = .success(try await request(self)) } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        case .failure(let trouble): throw .store(trouble)
        }
    }
}
