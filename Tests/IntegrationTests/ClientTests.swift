import ClusterSupport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import TestSupport
import Testing

/// Our client's verbs against the real server: what it answers is what the client makes of it.
@Suite struct ClientTests {
    private static func manifest(_ name: String) throws -> JSONValue {
        try .yaml(
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportPipeline
            metadata: {name: \(name), labels: {set: 'yes'}}
            spec: {stages: [{name: a, image: b}]}
            """)
    }

    private func error(_ body: () async throws -> Void) async throws -> KubernetesError {
        do {
            try await body()
        } catch {
            return try #require(error as? KubernetesError)
        }
        throw DeadlineExceeded(description: "it went well")
    }

    private func inNamespace(_ body: (KubernetesClient, String) async throws -> Void) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { try await body(cluster.client, $0) }
    }

    @Test func aListComesInPages() async throws {
        try await inNamespace { client, namespace in
            for name in ["a", "b", "c", "d", "e"] {
                _ = try await client.create(
                    ReportPipeline.self, manifest: try Self.manifest(name), namespace: namespace)
            }
            var names: [[String]] = []
            var options = ListOptions(labelSelector: "set=yes", limit: 2)
            repeat {
                let page = try await client.list(ReportPipeline.self, namespace: namespace, options: options)
                names.append(page.items.map(\.metadata.name))
                #expect(page.metadata.resourceVersion?.isEmpty == false)
                options.continue = page.metadata.continue
            } while options.continue?.isEmpty == false
            #expect(names == [["a", "b"], ["c", "d"], ["e"]])
            let chosen = try await client.list(
                ReportPipeline.self, namespace: namespace, options: ListOptions(fieldSelector: "metadata.name=c"))
            #expect(chosen.items.map(\.metadata.name) == ["c"])
        }
    }

    @Test func theServersErrorsAreToldApart() async throws {
        try await inNamespace { client, namespace in
            let manifest = try Self.manifest("a")
            let made = try await client.create(ReportPipeline.self, manifest: manifest, namespace: namespace)
            let twice = try await error {
                _ = try await client.create(ReportPipeline.self, manifest: manifest, namespace: namespace)
            }
            #expect(twice.isAlreadyExists && !twice.isConflict)
            #expect(twice.status?.details?.name == "a")

            let missing = try await error {
                _ = try await client.get(ReportPipeline.self, name: "none", namespace: namespace)
            }
            #expect(missing.isNotFound && missing.status?.details?.name == "none")

            let invalid = try await error {
                _ = try await client.patch(
                    ReportPipeline.self, name: "a", namespace: namespace,
                    merge: try JSONValue.yaml("spec: {concurrency: {limit: 0}}"))
            }
            #expect(invalid.isInvalid && invalid.code == 422)
            #expect(invalid.status?.details?.causes?.contains { $0.field == "spec.concurrency.limit" } == true)

            let stale = JSONValue.object([
                "metadata": .object(["resourceVersion": "1", "labels": .object(["x": "y"])])
            ])
            let conflict = try await error {
                _ = try await client.patch(ReportPipeline.self, name: "a", namespace: namespace, merge: stale)
            }
            #expect(conflict.isConflict && !conflict.isAlreadyExists)

            let other = try await error {
                try await client.delete(
                    ReportPipeline.self, name: "a", namespace: namespace,
                    options: DeleteOptions(propagation: .background, uid: "00000000-0000-0000-0000-000000000000"))
            }
            #expect(other.isConflict)
            try await client.delete(
                ReportPipeline.self, name: "a", namespace: namespace,
                options: DeleteOptions(propagation: .background, uid: made.metadata.uid))
            let gone = try await error {
                try await client.delete(
                    ReportPipeline.self, name: "a", namespace: namespace,
                    options: DeleteOptions(propagation: .background))
            }
            #expect(gone.isNotFound)
        }
    }

    @Test func aStatusPatchTouchesNoSpecAndTheReverse() async throws {
        try await inNamespace { client, namespace in
            let manifest = try JSONValue.yaml(
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportRequest
                metadata: {name: a}
                spec: {pipelineRef: {name: none}, priority: 1}
                """)
            let made = try await client.create(ReportRequest.self, manifest: manifest, namespace: namespace)
            let both = try JSONValue.yaml("{spec: {priority: 9}, status: {phase: Queued}}")
            let patched = try await client.patch(
                ReportRequest.self, name: "a", namespace: namespace, merge: both, subresource: .status)
            #expect(patched.status?.phase == .queued)
            #expect(patched.spec.value?.priority == 1)
            #expect(patched.metadata.generation == made.metadata.generation)
            let other = try JSONValue.yaml("{spec: {priority: 9}, status: {phase: Running}}")
            let raised = try await client.patch(ReportRequest.self, name: "a", namespace: namespace, merge: other)
            #expect(raised.status?.phase == .queued)
            #expect(raised.spec.value?.priority == 9)
            #expect(raised.metadata.generation == made.metadata.generation + 1)
        }
    }

    @Test func whoMayNotIsToldSo() async throws {
        var configuration = try LiveCluster().configuration
        configuration.impersonation = .init(user: "nobody", groups: ["system:authenticated"])
        let client = KubernetesClient(configuration: configuration, userAgent: "nobody", logger: LiveCluster.logger)
        defer { client.shutdown() }
        let forbidden = try await error { _ = try await client.list(Pod.self, namespace: "default") }
        #expect(forbidden.isForbidden)
        #expect(forbidden.message.contains("User \"nobody\" cannot list resource \"pods\""))
    }

    @Test func aWatchTellsChangesBookmarksAndItsEnd() async throws {
        try await inNamespace { client, namespace in
            let list = try await client.list(ReportPipeline.self, namespace: namespace)
            let events = try await client.watch(
                ReportPipeline.self, namespace: namespace,
                options: WatchOptions(resourceVersion: list.metadata.resourceVersion, timeoutSeconds: 25))
            let manifest = try Self.manifest("a")
            _ = try await client.create(ReportPipeline.self, manifest: manifest, namespace: namespace)
            _ = try await client.patch(
                ReportPipeline.self, name: "a", namespace: namespace,
                merge: try JSONValue.yaml("metadata: {labels: {x: why}}"))
            try await client.delete(
                ReportPipeline.self, name: "a", namespace: namespace,
                options: DeleteOptions(propagation: .background))
            var told: [String] = []
            var bookmarks = 0
            var newest = list.metadata.resourceVersion ?? ""
            for try await event in events {
                switch event {
                case .added(let object): told.append("added \(object.metadata.name)")
                case .modified(let object): told.append("modified \(object.metadata.labels["x"] ?? "")")
                case .deleted(let object): told.append("deleted \(object.metadata.name)")
                case .bookmark: bookmarks += 1
                case .undecodable, .status: told.append("\(event)")
                }
                if let version = event.resourceVersion {
                    #expect(!ResourceVersion.isOlder(version, than: newest))
                    newest = version
                }
            }
            #expect(told == ["added a", "modified why", "deleted a"])
            #expect(bookmarks > 0)
        }
    }

    @Test func aWatchFromTooLongAgoSaysExpired() async throws {
        try await inNamespace { client, namespace in
            let deadline = ContinuousClock.now + .seconds(30)
            while true {
                let told = try await self.error {
                    let events = try await client.watch(
                        ReportPipeline.self, namespace: namespace,
                        options: WatchOptions(resourceVersion: "1", timeoutSeconds: 5))
                    for try await event in events {
                        if case .status(let status) = event { throw KubernetesError(status) }
                    }
                }
                // Newer servers turn watches away until they have read all of a resource that they have just learnt of.
                if told.isTooManyRequests, ContinuousClock.now < deadline {
                    try await Task.sleep(for: told.retryAfter ?? .seconds(1))
                    continue
                }
                #expect(told.isExpired, "\(told)")
                return
            }
        }
    }

    @Test func discoveryTellsWhatIsServed() async throws {
        let client = try LiveCluster().client
        #expect(try await client.servedVersions(ofGroup: ReportsAPI.group) == ["v1"])
        #expect(try await client.servedVersions(ofGroup: "no.such.group").isEmpty)
        #expect(try await client.servedVersions(ofGroup: "").contains("v1"))
        let resources = try await client.servedResources(group: ReportsAPI.group, version: "v1")
        let requests = try #require(resources.first { $0.name == "reportrequests" })
        #expect(requests.kind == "ReportRequest" && requests.namespaced && requests.verbs.contains("watch"))
        #expect(resources.contains { $0.name == "reportrequests/status" })
        #expect(try await client.serverVersion().gitVersion.hasPrefix("v1."))
    }
}
