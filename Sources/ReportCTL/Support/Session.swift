import ArgumentParser
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI

/// The cluster that a command speaks to, and where in it.
struct Session: Sendable {
    let client: KubernetesClient
    let configuration: ClientConfiguration
    /// Options that the next command needs too, to mean the same place.
    let place: [String]
    /// Those of them that name the cluster alone.
    let clusterPlace: [String]

    /// The namespace that is meant where none is named.
    var namespace: String { configuration.namespace }

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

    /// Runs a request and says in a person's words what went wrong.
    func ask<Value>(
        _ request: (KubernetesClient) async throws(KubernetesError) -> Value
    ) async throws(Trouble) -> Value {
        let result: Result<Value, KubernetesError>
        do throws(KubernetesError) { result = .success(try await request(client)) } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw Trouble(error, session: self)
        }
    }

    /// As `ask`, but nil where there is no such object.
    func find<Value>(
        _ request: (KubernetesClient) async throws(KubernetesError) -> Value
    ) async throws(Trouble) -> Value? {
        let result: Result<Value, KubernetesError>
        do throws(KubernetesError) { result = .success(try await request(client)) } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        case .failure(let error) where error.isNotFound && error.status?.details?.name?.isEmpty == false: return nil
        case .failure(let error): throw Trouble(error, session: self)
        }
    }

    /// As `ask`, for creating an object that has a name, which is tried until it is known what became of it.
    func create<Object: Sendable>(
        _ request: (KubernetesClient) async throws(KubernetesError) -> Object
    ) async throws -> NamedCreation.Outcome<Object> {
        do {
            return try await NamedCreation().run { () throws(KubernetesError) in try await request(client) }
        } catch let error as KubernetesError {
            throw Trouble(error, session: self)
        }
    }

    /// A request of the session's namespace, or what to do about it not being there.
    func request(_ name: String) async throws -> ReportRequest {
        let found = try await find { client throws(KubernetesError) in
            try await client.get(ReportRequest.self, name: name, namespace: namespace)
        }
        guard let found else {
            throw Trouble(
                "there is no report request \"\(name)\" in namespace \(namespace)",
                advice: [
                    command("list"), commandEverywhere("list"),
                    "or, if it was deleted: \(command("history", "--name", name))",
                ])
        }
        return found
    }

    /// A schedule of the session's namespace; `code` is for where there is none.
    func schedule(_ name: String, code: ExitCode = .unable) async throws -> ReportSchedule {
        let found = try await find { client throws(KubernetesError) in
            try await client.get(ReportSchedule.self, name: name, namespace: namespace)
        }
        guard let found else {
            throw Trouble(
                "there is no report schedule \"\(name)\" in namespace \(namespace)",
                advice: [command("schedules"), commandEverywhere("schedules")], code: code)
        }
        return found
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
