/// How long each phase of a request may last; `nil` means without end.
public struct HTTPTimeouts: Hashable, Sendable {
    /// From the call until the connection is established: name resolution, TCP, proxy and TLS.
    public var connect: Duration

    /// From the last byte of the request sent until the head of the response is there.
    public var firstByte: Duration?

    /// Between two arrivals of bytes, once the head is there.
    public var idle: Duration?

    /// From the call until the last byte of the response.
    public var total: Duration?

    public init(
        connect: Duration = .seconds(15),
        firstByte: Duration? = nil,
        idle: Duration? = nil,
        total: Duration? = nil
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
