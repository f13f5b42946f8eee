import Foundation
import Glibc
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import Synchronization

/// The API server of a test's cluster as one of another Kubernetes release would be to its clients, as far as CronJobs go:
/// which versions they have, whether they keep time zones, and what discovery tells of it.
///
/// Everything else, and the CronJobs' own life, is the real server's behind it, by way of `kubectl proxy`.
package final class ReleaseProxy: Sendable {
    private let listener = LoopbackListener()
    let upstream: Int
    private let innerVersion: String
    private let current: Mutex<KubernetesRelease>

    private init(_ release: KubernetesRelease, upstream: Int, innerVersion: String) {
        self.upstream = upstream
        self.innerVersion = innerVersion
        current = Mutex(release)
        listener.start { [weak self] client in
            if let request = client.readRequest() { self?.answer(request, to: client) }
        }
    }

    deinit { listener.stop() }

    /// Runs `body` with the cluster of the environment as one of that release.
    package static func run(
        _ release: KubernetesRelease, _ body: (ReleaseProxy, LiveCluster) async throws -> Void
    ) async throws {
        let innerVersion = try await LiveCluster().cronJobVersion()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("release-\(UUID().uuidString)")
        try await KubectlProxy.run { upstream in
            let proxy = ReleaseProxy(release, upstream: upstream, innerVersion: innerVersion)
            try Data(proxy.kubeconfig.utf8).write(to: file)
            let cluster = try LiveCluster(kubeconfig: file.path)
            defer {
                for path in [file.path, cluster.kubectlCache].compactMap(\.self) {
                    try? FileManager.default.removeItem(atPath: path)
                }
            }
            try await body(proxy, cluster)
        }
    }

    private var kubeconfig: String {
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "proxy",
         "clusters": [{"name": "proxy", "cluster": {"server": "\(listener.address)"}}],
         "contexts": [{"name": "proxy", "context": {"cluster": "proxy"}}]}
        """
    }

    private var release: KubernetesRelease { current.withLock { $0 } }

    /// The server is another release from now on, as after an upgrade: clients have to connect again.
    package func upgrade(to release: KubernetesRelease) {
        current.withLock { $0 = release }
        listener.cut(forGood: false)
    }

    // MARK: Answers

    private func answer(_ request: LoopbackRequest, to client: LoopbackConnection) {
        let path = request.path.split(separator: "/").map(String.init)
        switch path.count {
        case 1 where path == ["version"]: change(answerTo: request, client, by: version)
        case 1 where path == ["apis"]: change(answerTo: request, client, by: groups)
        case 2 where path == ["apis", "batch"]: change(answerTo: request, client, by: group)
        case 3 where path.prefix(2) == ["apis", "batch"]: answerDiscovery(request, version: path[2], to: client)
        case 4... where path.prefix(2) == ["apis", "batch"]: translate(request, path, to: client)
        default: pass(request, to: client)
        }
    }

    private func pass(_ request: LoopbackRequest, to client: LoopbackConnection) {
        guard let server = send(request) else { return }
        client.relay(with: server)
        server.close()
    }

    private func version(_ answer: JSONValue) -> JSONValue {
        let minor = release.minor
        // Some providers write it so.
        return answer.merging(
            .object(["minor": .string("\(minor)+"), "gitVersion": .string("v1.\(minor).0")]))
    }

    private func groups(_ answer: JSONValue) -> JSONValue {
        guard let groups = answer["groups"]?.array else { return answer }
        return answer.merging(
            .object(["groups": .array(groups.map { $0["name"]?.string == "batch" ? group($0) : $0 })]))
    }

    private func group(_ answer: JSONValue) -> JSONValue {
        // Jobs are `v1` in all.
        let versions = Set(["v1"] + release.cronJobVersions).sorted().map { version in
            JSONValue.object(["groupVersion": .string("batch/\(version)"), "version": .string(version)])
        }
        return answer.merging(.object(["versions": .array(versions), "preferredVersion": versions[0]]))
    }

    private func answerDiscovery(_ request: LoopbackRequest, version: String, to client: LoopbackConnection) {
        let hasCronJobs = release.cronJobVersions.contains(version)
        guard version == "v1" else {
            guard hasCronJobs else { return refuse(client) }
            let list = JSONValue.object([
                "kind": .string("APIResourceList"), "apiVersion": .string("v1"),
                "groupVersion": .string("batch/\(version)"), "resources": .array(Self.resources),
            ])
            return reply("200 OK", Data(list.jsonText), to: client)
        }
        change(answerTo: request, client) { answer in
            let others = (answer["resources"]?.array ?? []).filter {
                $0["name"]?.string?.hasPrefix("cronjobs") != true
            }
            return answer.merging(.object(["resources": .array(others + (hasCronJobs ? Self.resources : []))]))
        }
    }

    private static let resources: [JSONValue] = [
        .object([
            "name": .string("cronjobs"), "singularName": .string(""), "namespaced": .bool(true),
            "kind": .string("CronJob"), "shortNames": .strings(["cj"]), "categories": .strings(["all"]),
            "verbs": .strings(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]),
        ]),
        .object([
            "name": .string("cronjobs/status"), "singularName": .string(""), "namespaced": .bool(true),
            "kind": .string("CronJob"), "verbs": .strings(["get", "patch", "update"]),
        ]),
    ]

    // MARK: Translation

    /// What concerns CronJobs, and Jobs, which are owned by them.
    private func translate(_ request: LoopbackRequest, _ path: [String], to client: LoopbackConnection) {
        let translation = CronJobTranslation(release: release, innerVersion: innerVersion)
        let isOfCronJobs = path[3] == "cronjobs" || path.count > 5 && path[5] == "cronjobs"
        let outerVersion = isOfCronJobs ? path[2] : release.cronJobVersions[0]
        guard !isOfCronJobs || release.cronJobVersions.contains(path[2]) else { return refuse(client) }
        var inner = request
        // An answer that can be read.
        if inner.header("Accept")?.contains("protobuf") == true { inner.set("Accept", "application/json") }
        if isOfCronJobs {
            let prefix = "/apis/batch/\(path[2])/"
            inner.target = "/apis/batch/\(innerVersion)/" + request.target.dropFirst(prefix.count)
        }
        if let body = Self.json(request.body) {
            let changed =
                isOfCronJobs
                ? translation.inward(body, isPatch: request.method == "PATCH") : translation.inward(reference: body)
            inner.body = Data(changed.jsonText)
        }
        guard let server = send(inner) else { return }
        defer { server.close() }
        if request.target.contains("watch=") {
            relayLines(from: server, to: client) { translation.outward($0, version: outerVersion) }
        } else {
            finish(server, client) { translation.outward($0, version: outerVersion) }
        }
    }

    private func relayLines(
        from server: LoopbackConnection, to client: LoopbackConnection, changing change: (JSONValue) -> JSONValue
    ) {
        guard let head = server.readHead() else { return }
        var pending = Data()
        func lines(_ more: Data) -> Data {
            pending.append(more)
            guard let end = pending.lastIndex(of: UInt8(ascii: "\n")) else { return Data() }
            let whole = pending[...end]
            pending = Data(pending[(end + 1)...])
            return whole.split(separator: UInt8(ascii: "\n")).reduce(into: Data()) { changed, line in
                changed += Self.json(Data(line)).map { Data(change($0).jsonText) } ?? Data(line)
                changed.append(UInt8(ascii: "\n"))
            }
        }
        guard client.write(Self.head(like: head)) else { return }
        client.relay(with: server, changing: lines)
    }
}
