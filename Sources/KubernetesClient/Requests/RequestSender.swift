import FoundationEssentials
import HTTPTransport
import Logging

/// Sends requests to one server: address, credentials, retries, errors.
final class RequestSender: Sendable {
    let fieldManager: String

    init(
        configuration: ClientConfiguration, userAgent: String, logger: Logger, observer: (any RequestObserver)?
    ) {
        fieldManager = String(userAgent.prefix { $0 != "/" }.prefix(128))
    }

    func shutdown() {}

    func send(_ request: APIRequest) async throws(KubernetesError) -> Data {
        throw KubernetesError(kind: .cancelled)
    }

    func stream(_ request: APIRequest) async throws(KubernetesError) -> HTTPBody {
        throw KubernetesError(kind: .cancelled)
    }

    func decoded<Value: Decodable>(
        _ type: Value.Type, from request: APIRequest
    ) async throws(KubernetesError) -> Value {
        throw KubernetesError(kind: .cancelled)
    }
}
