import HTTPTransport
import KubernetesModel

extension KubernetesClient {
    /// Begins to read a pod's log. A container that hasn't started yet is an error (400), as is one that is gone.
    ///
    /// Lines that are blank are left out, unless they carry timestamps.
    package func logs(
        pod name: String, namespace: String, options: LogOptions = LogOptions()
    ) async throws(KubernetesError) -> LogStream {
        let path = ResourcePath(Pod.resourceKind, namespace: namespace, name: name, subresource: .log)
        var request = APIRequest(.get, path, query: options.query)
        // The head of a followed log comes with the container's first line.
        request.timeouts = HTTPTimeouts(
            connect: .seconds(10), firstByte: options.follow ? options.idleDeadline : .seconds(30),
            idle: options.idleDeadline)
        return LogStream(try await sender.stream(request), operation: request.operation, sender: sender)
    }
}
