package import Foundation
import Synchronization

/// An HTTP server on the loopback whose answers are a function of the request, and of how many came before.
///
/// For example:
/// ```swift
/// let server = LoopbackServer { request, number in number == 1 ? nil : .json("{}") }
/// ```
package final class LoopbackServer: Sendable {
    package struct Reply: Sendable {
        package var status: Int
        /// Each with its line's end.
        package var headers: String
        /// One piece is sent whole; more go as chunks, one write each.
        package var pieces: [Data]
        /// Whether the connection ends in the middle of the body.
        package var isCutOff: Bool
        /// Whether nothing follows the pieces, nor the end.
        package var hangs: Bool

        package init(
            status: Int = 200, headers: String = "", pieces: [Data], isCutOff: Bool = false, hangs: Bool = false
        ) {
            self.status = status
            self.headers = headers
            self.pieces = pieces
            self.isCutOff = isCutOff
            self.hangs = hangs
        }

        package static func json(_ text: String, status: Int = 200, headers: String = "") -> Reply {
            Reply(status: status, headers: headers, pieces: [Data(text.utf8)])
        }
    }

    private let listener = LoopbackListener()
    private let received = Recorder<LoopbackRequest>()

    /// - Parameter answer: From the request and its number, from 1. Nil resets the connection.
    package init(_ answer: @escaping @Sendable (LoopbackRequest, _ number: Int) -> Reply?) {
        listener.start { [received] connection in
            while let request = connection.readRequest() {
                guard let reply = answer(request, received.append(request)) else { return connection.resetOnClose() }
                guard connection.write(reply) else { return }
            }
        }
    }

    package var address: String { listener.address }

    /// All requests so far, in order.
    package var requests: [LoopbackRequest] { received.all }

    package var connectionCount: Int { listener.connectionCount }

    package var openCount: Int { listener.openCount }
}

extension LoopbackConnection {
    /// False when the connection is over.
    fileprivate func write(_ reply: LoopbackServer.Reply) -> Bool {
        let status = "\(reply.status) X"
        let headers = "Content-Type: application/json\r\n\(reply.headers)"
        if reply.pieces.count == 1, !reply.isCutOff, !reply.hangs {
            let length = "Content-Length: \(reply.pieces[0].count)\r\n"
            return write(Data("HTTP/1.1 \(status)\r\n\(headers)\(length)\r\n".utf8) + reply.pieces[0])
        }
        guard startChunked(status: status, headers: headers) else { return false }
        for piece in reply.pieces where !piece.isEmpty { guard writeChunk(piece) else { return false } }
        if reply.isCutOff { return false }
        if reply.hangs {
            _ = waitForClose()
            return false
        }
        return write("0\r\n\r\n")
    }
}
