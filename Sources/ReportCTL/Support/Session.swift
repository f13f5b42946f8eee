import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient

/// The cluster that a command speaks to, and where in it.
struct Session: Sendable {
    let cluster: ReportCluster
    let configuration: ClientConfiguration
    /// Options that the next command needs too, to mean the same place.
    let place: [String]
    /// Those of them that name the cluster alone.
    let clusterPlace: [String]

    /// The namespace that is meant where none is named.
    var namespace: String { cluster.namespace }

    /// What to type, such as `reportctl describe tb -n finance`.
    func command(_ words: String...) -> String {
        ([Program.name] + words + place).joined(separator: " ")
    }

    /// As `command`, in a namespace that needs not be the session's.
    func command(_ words: String..., in namespace: String) -> String {
        ([Program.name] + words + ["-n", namespace] + clusterPlace).joined(separator: " ")
    }

    /// As `command`, about an object: in its namespace, where those of all are looked at.
    func command(_ verb: String, _ object: ObjectMeta, isEverywhere: Bool) -> String {
        isEverywhere ? command(verb, object.name, in: object.namespace) : command(verb, object.name)
    }

    /// As `command`, for all namespaces.
    func commandEverywhere(_ word: String) -> String {
        ([Program.name, word, "-A"] + clusterPlace).joined(separator: " ")
    }

    /// Says in a person's words what goes wrong in `body`.
    func explaining<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as ClientError {
            throw Trouble(error, session: self)
        } catch let error as GatewayTrouble { throw Trouble(error) }
    }

    /// Runs a request and says in a person's words what went wrong.
    func ask<Value>(
        _ request: (KubernetesClient) async throws(KubernetesError) -> Value
    ) async throws(Trouble) -> Value {
        let result: Result<Value, ClientError>
        do throws(ClientError) { result = .success(try await cluster.ask(request)) } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw Trouble(error, session: self)
        }
    }

    /// All of an object of the session's namespace, as kubectl shows it.
    func whole(_ kind: ResourceKind, _ name: String) async throws -> JSONValue {
        try await explaining { try await cluster.whole(kind, name) }
    }

    /// A request of the session's namespace, or what to do about it not being there.
    func request(_ name: String) async throws -> ReportRequest {
        try await explaining { try await cluster.get(ReportRequest.self, name) }
    }

    /// As `request`, a schedule; `code` is for where there is none.
    func schedule(_ name: String, code: ExitCode = .unable) async throws -> ReportSchedule {
        try await named(code) { try await cluster.get(ReportSchedule.self, name) }
    }

    /// As `request`, a pipeline; `code` is for where there is none.
    func pipeline(_ name: String, code: ExitCode = .unable) async throws -> ReportPipeline {
        try await named(code) { try await cluster.get(ReportPipeline.self, name) }
    }

    private func named<Value>(_ code: ExitCode, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as ClientError {
            let trouble = Trouble(error, session: self)
            guard case .notFound = error else { throw trouble }
            throw Trouble(trouble.message, advice: trouble.advice, code: code)
        }
    }
}

/// How this program was called.
enum Program {
    /// `kubectl report` where kubectl runs it as its plugin.
    static let name: String = {
        let file = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? ""
        return file.hasPrefix("kubectl-") ? "kubectl " + file.dropFirst("kubectl-".count) : "reportctl"
    }()

    static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
