import Foundation
import HTTPTransport
import KubernetesModel
import Logging
import LoopbackSupport

@testable import KubernetesClient

/// A resource with a field that can be wrong.
struct Widget: KubernetesResource, Hashable {
    static let resourceKind = ResourceKind(group: "example.org", version: "v1", kind: "Widget", plural: "widgets")

    struct Spec: Codable, Hashable { var size: Int }

    var metadata: ObjectMeta
    var spec: Spec?

    static func json(_ name: String, version: String = "1", size: String = "1") -> String {
        #"{"apiVersion":"example.org/v1","kind":"Widget","metadata":{"name":"\#(name)","namespace":"a","#
            + #""uid":"u-\#(name)","resourceVersion":"\#(version)"},"spec":{"size":\#(size)}}"#
    }
}

extension LoopbackServer.Reply {
    /// An error as an API server tells it.
    static func status(_ code: Int, _ reason: String, headers: String = "", extra: String = "") -> Self {
        json(
            #"{"kind":"Status","status":"Failure","code":\#(code),"reason":"\#(reason)","message":"m"\#(extra)}"#,
            status: code, headers: headers)
    }
}

extension KubernetesClient {
    /// A client of that server that notes pauses in place of making them.
    static func fixture(
        _ server: LoopbackServer,
        pauses: Recorder<Duration> = Recorder(),
        observer: (any RequestObserver)? = nil,
        logger: Logger = Logger(label: "test"),
        change: (inout ClientConfiguration) -> Void = { _ in }
    ) -> KubernetesClient {
        var configuration = ClientConfiguration(server: server.address)
        configuration.proxy = .none
        change(&configuration)
        let sender = RequestSender(
            configuration: configuration,
            userAgent: "widget-operator/1.0",
            logger: logger,
            observer: observer,
            pause: { pause in pauses.append(pause) }
        )
        return KubernetesClient(sender: sender, namespace: configuration.namespace)
    }
}

/// The error that `body` throws; nil when it throws none, or another kind.
func kubernetesError<Value>(_ body: () async throws -> Value) async -> KubernetesError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? KubernetesError
    }
}

/// A folder that goes with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "kubernetes-client-tests-\(UUID().uuidString)"
        precondition((try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)) != nil)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, with the folders that it needs, and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: Int = 0o600) -> String {
        let file = "\(path)/\(name)"
        let folder = (file as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: file)
        precondition(
            FileManager.default.createFile(
                atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        return file
    }

    func read(_ name: String) -> String {
        (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? ""
    }
}
