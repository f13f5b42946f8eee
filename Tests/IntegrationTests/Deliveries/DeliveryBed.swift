import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import MongoClient
import PostfixSupport
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// A real API server and MongoDB with recorded reports, and couriers as programs.
struct DeliveryBed: Sendable {
    let cluster: LiveCluster
    let outside: Outside
    /// Of channels and Secrets.
    let courierNamespace: String
    /// Of reports and deliveries.
    let namespace: String
    /// Where channels of type Folder put files.
    let folder: URL

    /// `cluster`: another than that of the environment.
    static func run(
        _ name: String, in cluster: LiveCluster? = nil, _ body: (DeliveryBed) async throws -> Void
    ) async throws {
        let cluster = try cluster ?? LiveCluster()
        try await Outside.run([.mongodb], name) { outside in
            try await outside.records.prepare()
            try await cluster.withNamespace { courierNamespace in
                try await cluster.withNamespace { namespace in
                    let folder = FileManager.default.temporaryDirectory.appending(
                        path: "deliveries-\(UUID().uuidString.prefix(8))")
                    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                    defer { try? FileManager.default.removeItem(at: folder) }
                    try await body(
                        DeliveryBed(
                            cluster: cluster, outside: outside, courierNamespace: courierNamespace,
                            namespace: namespace, folder: folder))
                }
            }
        }
    }

    /// The same servers with namespaces and a folder of their own.
    func anew<Result>(_ body: (DeliveryBed) async throws -> Result) async throws -> Result {
        try await cluster.withNamespace { courierNamespace in
            try await cluster.withNamespace { namespace in
                let folder = folder.appending(path: namespace)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                return try await body(
                    DeliveryBed(
                        cluster: cluster, outside: outside, courierNamespace: courierNamespace, namespace: namespace,
                        folder: folder))
            }
        }
    }

    func waitUntilChannelsWork() async throws {
        let channels = try await cluster.client.list(
            ReportChannel.self, namespace: courierNamespace, options: ListOptions()
        ).items
        for channel in channels {
            _ = try await cluster.wait(
                for: ReportChannel.self, channel.metadata.name, in: courierNamespace, "works"
            ) { $0?.status?.ready?.status == "True" }
        }
    }

    /// A channel of type Mail, named mail, to what listens on that port with that Postfix behind it.
    func createMail(port: Int, _ postfix: Postfix, _ more: String = "") async throws {
        try await cluster.apply(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: smtp}
            type: reports.ers.dev/channel
            stringData: {user: \(Postfix.user), password: "\(Postfix.password)"}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: smtp-ca}
            type: reports.ers.dev/channel
            data: {ca.crt: \(try postfix.authority.base64EncodedString())}
            ---
            apiVersion: reports.ers.dev/v1
            kind: ReportChannel
            metadata: {name: mail}
            spec:
              type: Mail
              allowedNamespaces: {}
              allowPrivateAddresses: true
              tls: {caSecretRef: {name: smtp-ca}}
              mail:
                server: smtps://localhost:\(port)
                from: Reports <reports@example.com>
                allowedRecipients: ["@example.com"]
                credentials: {secretRef: {name: smtp}}
              \(more)
            """, in: courierNamespace)
    }

    /// `uri`, `kubeconfig`: in place of the servers' own.
    func courier(uri: String? = nil, kubeconfig: String? = nil, _ options: String...) throws -> CourierProcess {
        try courier(uri: uri, kubeconfig: kubeconfig, options: options)
    }

    /// `environment`: besides the tests' own.
    func courier(
        uri: String? = nil, kubeconfig: String? = nil, options: [String], environment: [String: String] = [:]
    ) throws -> CourierProcess {
        try CourierProcess(
            uri: try uri ?? outside.services.value("MONGODB_ADMIN_URI"), database: outside.records.database,
            kubeconfig: kubeconfig ?? cluster.kubeconfig ?? ProcessInfo.processInfo.environment["KUBECONFIG"],
            options: ["--namespace", namespace, "--courier-namespace", courierNamespace] + options,
            environment: environment)
    }

    /// A report that has succeeded and published a few rows; or one that failed.
    ///
    /// `padding`: the letters that each row has besides. `place`: a namespace other than that of the deliveries.
    /// `deliveries`, `failureNotice`: what was pinned to go out at its end, and when that has failed.
    func record(
        _ uid: String = UUID().uuidString.lowercased(), rows: Int = 3, padding: Int = 0, succeeds: Bool = true,
        in place: String? = nil, deliveries: [DeliverSpec]? = nil,
        failureNotice: DeliverSpec? = nil
    ) async throws -> String {
        let origin = RecordOrigin(namespaceUID: try await cluster.uid(ofNamespace: place ?? namespace))
        for var state in RequestLife.states(uid: uid) {
            state.metadata.namespace = place ?? namespace
            state.status?.accepted?.deliveries = deliveries
            state.status?.accepted?.failureNotice = failureNotice
            if !succeeds, state.status?.phase == .succeeded {
                state.status?.phase = .failed
                state.status?.reason = Reason.stageFailed
                state.status?.message = "load failed: exit code 3: ORA-00942"
            }
            try await outside.records.save(state, origin: origin)
        }
        if succeeds { try await publish(uid, rows: rows, padding: padding) }
        return uid
    }

    /// As a report's stage does it.
    func publish(_ uid: String, attempt: Int = 2, rows: Int = 3, padding: Int = 0) async throws {
        let client = MongoClient(
            try MongoURI(try outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
        let columns = [ReportResult.Column(name: "account", type: "string"), .init(name: "closing", type: "decimal")]
        let result = ReportResult(
            uid: uid, attempt: attempt, publication: "p", buckets: rows == 0 ? 0 : 1, rows: rows, columns: columns,
            publishedAt: Timestamp.start.date)
        if rows > 0 {
            let letters = String(repeating: "x", count: padding)
            let values = (1...rows).map { n in
                BSONValue.array([
                    .string("Assets:\(n)\(letters)"), .decimal128(BSONDecimal128("\(n).50") ?? .init(high: 0, low: 0)),
                ])
            }
            try await client.collection("report_rows", in: outside.records.database).insert([
                "_id": .string(result.bucketID(0)), "reportID": .string(uid), "attempt": .int32(Int32(attempt)), "n": 0,
                "rows": .array(values),
            ])
        }
        try await client.collection("report_results", in: outside.records.database).insert(result)
    }

    /// Where MongoDB listens.
    var mongoPort: Int {
        get throws {
            let uri = try outside.services.value("MONGODB_ADMIN_URI")
            let port = URLComponents(string: uri)?.port
            guard let port else { throw DeadlineExceeded(description: "there is no port in MONGODB_ADMIN_URI") }
            return port
        }
    }

    /// The way to it through something that listens on that port: the driver must not find the server itself.
    func mongoURI(port: Int) throws -> String {
        var parts = URLComponents(string: try outside.services.value("MONGODB_ADMIN_URI"))
        parts?.port = port
        let items = (parts?.queryItems ?? []).filter { $0.name != "replicaSet" }
        parts?.queryItems = items + [URLQueryItem(name: "directConnection", value: "true")]
        return parts?.string ?? ""
    }

    func delivery(_ name: String) async throws -> ReportDelivery? {
        let found = try await cluster.client.list(
            ReportDelivery.self, namespace: namespace, options: ListOptions(fieldSelector: "metadata.name=\(name)"))
        return found.items.first
    }

    /// A channel of type Folder that admits every namespace.
    func createFolder(_ name: String = "files", _ more: String = "") async throws {
        try await cluster.apply(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportChannel
            metadata: {name: \(name)}
            spec:
              type: Folder
              allowedNamespaces: {}
              folder: {volume: \(folder.path), path: "{namespace}/{report}"}
              \(more)
            """, in: courierNamespace)
    }

    func deliver(_ name: String, _ spec: String) async throws { try await deliver([(name, spec)]) }

    func deliver(_ deliveries: [(name: String, spec: String)]) async throws {
        try await cluster.apply(
            deliveries.map { delivery in
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportDelivery
                metadata: {name: \(delivery.name)}
                spec: \(delivery.spec)
                """
            }.joined(separator: "\n---\n"), in: namespace)
    }

    @discardableResult
    func wait(
        for name: String, _ what: String, within limit: Duration = .seconds(60),
        until holds: @escaping @Sendable (ReportDelivery) -> Bool
    ) async throws -> ReportDelivery {
        let found = try await cluster.wait(for: ReportDelivery.self, name, in: namespace, within: limit, what) {
            $0.map(holds) ?? false
        }
        guard let found else { throw DeadlineExceeded(description: "\(name) is gone") }
        return found
    }

    /// The delivery at its end, with its resource free to go.
    @discardableResult
    func waitForEnd(of name: String, within limit: Duration = .seconds(60)) async throws -> ReportDelivery {
        try await wait(for: name, "ended", within: limit) {
            $0.status?.phase?.isTerminal == true && $0.metadata.finalizers.isEmpty
        }
    }

    /// What the ledger has of a report, the newest first.
    func copies(ofReport report: String) async throws -> [DeliveryCopy] {
        let copies = try await outside.records.deliveries.copies(ofReport: report)
        #expect(copies.unreadable.isEmpty)
        return copies.readable
    }

    func files() throws -> [String] {
        let all = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
        return all.filter { path in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder.path + "/" + path, isDirectory: &isFolder) else {
                return false
            }
            return !isFolder.boolValue
        }.sorted()
    }
}
