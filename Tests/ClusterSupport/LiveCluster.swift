package import Foundation
package import KubernetesClient
package import KubernetesModel
package import Logging
import LoopbackSupport
import ReportAPI

/// The cluster that `KUBECONFIG` names, as a test sees it: through kubectl, as people do, and through our own client.
package struct LiveCluster: Sendable {
    package let client: KubernetesClient
    package let configuration: ClientConfiguration
    /// The file that names it; nil: that of the environment.
    package let kubeconfig: String?

    /// `kubeconfig` names another cluster than that of the environment.
    package init(kubeconfig: String? = nil) throws {
        self.kubeconfig = kubeconfig
        configuration = try ClientConfiguration.load(
            kubeconfig: kubeconfig, context: nil, namespace: nil, environment: ProcessInfo.processInfo.environment)
        client = KubernetesClient(
            configuration: configuration, userAgent: "report-operator-tests", logger: Self.logger)
    }

    /// Where kubectl notes what another cluster than the environment's offers: it does so by the address, which another
    /// server may have had before.
    var kubectlCache: String? { kubeconfig.map { $0 + "-cache" } }

    package static var logger: Logger {
        var logger = Logger(label: "tests")
        logger.logLevel = .warning
        return logger
    }

    /// The checkout.
    package static var root: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    @discardableResult
    package func kubectl(_ arguments: String..., input: String? = nil) async throws -> String {
        let result = try await kubectlResult(arguments, input: input)
        guard result.status == 0 else {
            throw Command.Failed(
                description: "kubectl \(arguments.joined(separator: " ")): \(result.errors)\(result.output)")
        }
        return result.output
    }

    /// What kubectl answered, whether it liked it or not.
    package func kubectlResult(
        _ arguments: [String], input: String? = nil
    ) async throws -> (status: Int32, output: String, errors: String) {
        let place = kubeconfig.map { ["--kubeconfig", $0] } ?? []
        let cache = kubectlCache.map { ["--cache-dir", $0] } ?? []
        return try await Command.result(["kubectl"] + place + cache + arguments, input: input)
    }

    /// Also where the server says to come again: for a moment after a start nothing makes the tokens of new service
    /// accounts, without which a server before 1.24 takes no pod of theirs.
    package func apply(_ manifest: String, in namespace: String) async throws {
        var refusal = ""
        try await eventually("kubectl apply: \(refusal)", within: .seconds(120), every: .milliseconds(200)) {
            let result = try await kubectlResult(["apply", "-n", namespace, "-f", "-"], input: manifest)
            guard result.status != 0 else { return true }
            refusal = result.errors
            guard refusal.contains("(ServerTimeout)") else {
                throw Command.Failed(description: "kubectl apply: \(result.errors)\(result.output)")
            }
            return false
        }
    }

    package static func namespaceName() -> String { "test-" + UUID().uuidString.lowercased().prefix(8) }

    /// Runs `body` in a namespace of its own; what would go on in it goes afterwards. The programs in it end with `body`.
    ///
    /// The namespace itself stays until the cluster goes: to delete one, the server is asked for each kind of object that
    /// there is, more than most tests ask of it.
    package func withNamespace<Result>(
        _ name: String = LiveCluster.namespaceName(), _ body: (String) async throws -> Result
    ) async throws -> Result {
        try await kubectl("create", "namespace", name)
        // Where it throws, what is left shows why.
        let result = try await body(name)
        // Owners first, whose dependents go with them.
        await clear(ReportTrigger.self, in: name)
        await clear(ReportSchedule.self, in: name)
        await clear(ReportRequest.self, in: name)
        await clear(ReportDelivery.self, in: name)
        await clear(ReportChannel.self, in: name)
        await clear(Job.self, in: name)
        return result
    }

    /// Deletes what a test leaves, finalizers or not: the programs that put them there have ended. What can't be deleted now
    /// goes with the cluster.
    private func clear<Resource: KubernetesResource>(_ type: Resource.Type, in namespace: String) async {
        for object in (try? await client.list(type, namespace: namespace))?.items ?? [] {
            let name = object.metadata.name
            if !object.metadata.finalizers.isEmpty {
                _ = try? await client.patch(
                    type, name: name, namespace: namespace, merge: ["metadata": ["finalizers": [String]()]])
            }
            try? await client.delete(
                type, name: name, namespace: namespace, options: DeleteOptions(propagation: .background))
        }
    }

    /// Of the namespace as it is now.
    package func uid(ofNamespace name: String) async throws -> String {
        try await client.get(Namespace.self, name: name, namespace: nil).metadata.uid
    }

    /// Deletes a namespace with all that is in it, and makes one of the same name; returns when the clock tells them apart.
    package func remake(namespace name: String) async throws {
        try await kubectl("delete", "namespace", name, "--timeout=180s")
        try await kubectl("create", "namespace", name)
    }
}

extension LiveCluster {
    /// Waits until an object is as it should be (nil: it isn't there), by watching it; returns that state.
    ///
    /// Faults of the API server on the way are waited out: some tests make them.
    @discardableResult
    package func wait<R: KubernetesResource>(
        for type: R.Type, _ name: String, in namespace: String, within limit: Duration = .seconds(60),
        _ what: String, until holds: @escaping @Sendable (R?) -> Bool
    ) async throws -> R? {
        let deadline = ContinuousClock.now + limit
        var last: R?
        var fault: (any Error)?
        while ContinuousClock.now < deadline {
            do {
                let selector = "metadata.name=\(name)"
                let list = try await client.list(
                    type, namespace: namespace, options: ListOptions(fieldSelector: selector))
                last = list.items.first
                if holds(last) { return last }
                let seconds = max(1, Int((deadline - .now).components.seconds))
                let events = try await client.watch(
                    type, namespace: namespace,
                    options: WatchOptions(
                        fieldSelector: selector, resourceVersion: list.metadata.resourceVersion ?? "",
                        timeoutSeconds: min(seconds, 10)))
                for try await event in events {
                    switch event {
                    case .added(let object), .modified(let object): last = object
                    case .deleted: last = nil
                    case .bookmark, .undecodable, .status: continue
                    }
                    if holds(last) { return last }
                }
                fault = nil
            } catch {
                fault = error
                // The deadline bounds it; between tries the server gets a breath.
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        throw DeadlineExceeded(
            description: "\(namespace)/\(name) did not become: \(what); last seen: \(last.map { "\($0)" } ?? "absent")"
                + (fault.map { "; at last the server could not be asked: \($0)" } ?? ""))
    }
}

extension LiveCluster {
    /// The resources of the project, as `crds/` names its files.
    package static let definitions = [
        "reportchannels", "reportdeliveries", "reportpipelines", "reportrequests", "reportschedules",
        "reporttriggers",
    ]

    /// Waits until the server serves a definition that has just been made.
    package func wait(forDefinition name: String, within limit: Duration = .seconds(120)) async throws {
        var errors = ""
        // kubectl gives up at once where the server has not yet written any condition.
        try await eventually("\(name) is established: \(errors)", within: limit, every: .milliseconds(100)) {
            let result = try await kubectlResult([
                "wait", "--for=condition=Established", "--timeout=30s", "crd/\(name).reports.ers.dev",
            ])
            errors = result.errors
            return result.status == 0
        }
    }
}
