package import Logging

/// Sends HTTP/1.1 requests over pooled connections.
package final class HTTPTransport: Sendable {
    package init(configuration: HTTPTransportConfiguration, logger: Logger) {}

    /// Sends a request and waits for its whole response.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        throw HTTPError(code: .shutdown, message: "Not yet", url: "")
    }

    /// Sends a request and returns as soon as the head of its response is there.
    package func stream(_ request: HTTPRequest) async throws(HTTPError) -> HTTPStreamingResponse {
        throw HTTPError(code: .shutdown, message: "Not yet", url: "")
    }

    /// Closes the connections that carry no request, and those in use as soon as their request ends.
    package func closeIdleConnections() {}

    /// Fails every request in flight and every later one, and closes all connections. Can be called again.
    package func shutdown() {}
}
