import AsyncSupport
public import Logging

/// Sends HTTP/1.1 requests over pooled connections.
///
/// All transfers are carried out by one thread of this object, so that no caller's thread is ever blocked.
/// Redirects are answers like any other.
///
/// A request that breaks together with a kept-alive connection, before any byte of its response, may or may not
/// have reached the server:
/// - with a body, it is never sent a second time (libcurl would, but the body cannot be rewound): it fails with
///   `connectionLost` and `mayHaveReachedServer`;
/// - without a body, whatever its method, libcurl sends it again on a fresh connection, up to five times. So a
///   server may see such a `DELETE` twice.
///
/// On a fresh connection nothing is sent twice.
public final class HTTPTransport: Sendable {
    private let mailbox = TransferMailbox()

    /// Starts the thread. The logger is told at debug level about requests that fail.
    public init(configuration: HTTPTransportConfiguration, logger: Logger) {
        NativeThread.start(named: "http-transport") { [mailbox] in
            // Made here, since it belongs to this thread alone. It ends once the mailbox is closed.
            TransferLoop(mailbox: mailbox, configuration: configuration, logger: logger).run()
        }
    }

    deinit {
        shutdown()
    }

    /// Sends a request and waits for its whole response.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        try await Transfer(request, delivery: .whole, mailbox: mailbox).response()
    }

    /// Sends a request and returns as soon as the head of its response is there.
    public func stream(_ request: HTTPRequest) async throws(HTTPError) -> HTTPStreamingResponse {
        let transfer = Transfer(request, delivery: .streamed, mailbox: mailbox)
        let head = try await transfer.response()
        return HTTPStreamingResponse(status: head.status, headers: head.headers, body: HTTPBody(transfer))
    }

    /// Closes the connections that carry no request, and those in use as soon as their request ends.
    ///
    /// For a change of credentials that libcurl cannot see: those in files, which a new connection reads again.
    public func closeIdleConnections() {
        // After a shutdown there is none left.
        _ = mailbox.post(.closeIdleConnections)
    }

    /// Fails every request in flight and every later one, and closes all connections. Can be called again.
    public func shutdown() {
        mailbox.close()
    }
}
