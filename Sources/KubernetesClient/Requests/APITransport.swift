public import HTTPTransport

/// What carries requests to an API server: connections to a real one, or a server in the same process, on which those who
/// use the client are tested.
public protocol APITransport: Sendable {
    /// Sends a request and waits for its whole response.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse

    /// Sends a request and returns as soon as the head of its response is there.
    func stream(_ request: HTTPRequest) async throws(HTTPError) -> HTTPStreamingResponse

    /// Has the next request open a connection of its own: credentials have changed.
    func closeIdleConnections()

    /// Fails every request in flight and every later one.
    func shutdown()
}

extension HTTPTransport: APITransport {}
