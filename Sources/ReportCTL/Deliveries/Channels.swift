import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient

/// The channels of the courier's namespace, and what it means to somebody that they can't be looked at.
struct Channels: Sendable {
    private let session: Session
    /// The courier's.
    private let namespace: String

    init(_ session: Session, in namespace: String) {
        self.session = session
        self.namespace = namespace
    }

    /// What to type about them.
    func command(_ words: String...) -> String {
        let place = namespace == CourierOptions.defaultNamespace ? [] : ["--courier-namespace", namespace]
        return ([Program.name] + words + place + session.clusterPlace).joined(separator: " ")
    }

    func all() async throws -> [ReportChannel] {
        try await explaining { cluster in try await cluster.items(ReportChannel.self, namespace: namespace) }
            .sorted { $0.key < $1.key }
    }

    func named(_ name: String) async throws -> ReportChannel {
        let found = try await explaining { cluster in
            try await cluster.channel(name, courierNamespace: namespace)
        }
        guard let found else { throw missing(name) }
        return found
    }

    /// Nil where channels may not be looked at, or the channel can't be read: the courier finds out then what is wrong.
    func ifVisible(_ name: String) async throws -> ReportChannelSpec? {
        let found: ReportChannel?
        do { found = try await session.cluster.channel(name, courierNamespace: namespace) } catch {
            guard case .api(let refusal) = error, refusal.isForbidden else { throw Trouble(error, session: session) }
            return nil
        }
        guard let found else { throw missing(name, code: .usage) }
        return found.spec.value
    }

    func missing(_ name: String, code: ExitCode = .unable) -> Trouble {
        Trouble(
            "there is no channel \"\(name)\" in namespace \(namespace)",
            advice: [command("channels"), "if the courier is installed elsewhere: --courier-namespace NAMESPACE"],
            code: code)
    }

    func explaining<Value>(_ body: (ReportCluster) async throws -> Value) async throws -> Value {
        do { return try await body(session.cluster) } catch ClientError.api(let error) where error.isForbidden {
            throw forbidden(error)
        } catch let error as ClientError { throw Trouble(error, session: session) }
    }

    private func forbidden(_ error: KubernetesError) -> Trouble {
        Trouble(
            "you may not look at channels in namespace \(namespace), which are the cluster operator's: \(error.message)",
            advice: [
                "ask the cluster's operator which channels your namespace may use, or for the role view in \(namespace)",
                "sending needs no look at them: \(session.command("resend", "REPORT", "--channel", "NAME"))",
                "if the courier is installed elsewhere: --courier-namespace NAMESPACE",
            ])
    }
}
