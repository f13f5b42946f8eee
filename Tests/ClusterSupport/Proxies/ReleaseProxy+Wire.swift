import Foundation
import Glibc
import KubernetesModel
import LoopbackSupport

/// How requests and answers that can be read and changed go over the wire.
extension ReleaseProxy {
    /// In HTTP/1.0, so that the answer comes without chunks and ends with the connection.
    func send(_ request: LoopbackRequest) -> LoopbackConnection? {
        var request = request
        request.remove("Accept-Encoding")
        guard let server = LoopbackConnection.open(toPort: upstream) else { return nil }
        guard server.write(request.bytes(version: "1.0")) else {
            server.close()
            return nil
        }
        return server
    }

    func change(
        answerTo request: LoopbackRequest, _ client: LoopbackConnection, by change: (JSONValue) -> JSONValue
    ) {
        var request = request
        // Not the forms in which newer servers tell all of discovery at once.
        request.set("Accept", "application/json")
        guard let server = send(request) else { return }
        defer { server.close() }
        finish(server, client, changing: change)
    }

    func finish(
        _ server: LoopbackConnection, _ client: LoopbackConnection, changing change: (JSONValue) -> JSONValue
    ) {
        guard let head = server.readHead() else { return }
        var body = server.drain()
        if let answer = Self.json(body) { body = Data(change(answer).jsonText) }
        client.write(Self.head(like: head, length: body.count) + body)
    }

    /// As a server that has no such version.
    func refuse(_ client: LoopbackConnection) {
        reply("404 Not Found", type: "text/plain", Data("404 page not found\n".utf8), to: client)
    }

    func reply(_ status: String, type: String = "application/json", _ body: Data, to client: LoopbackConnection) {
        let head = Self.head(like: "HTTP/1.1 \(status)\r\nContent-Type: \(type)", length: body.count)
        client.write(head + body)
    }

    /// The head of an answer of which the body may have become another.
    static func head(like head: String, length: Int? = nil) -> Data {
        let own = ["content-length", "connection", "transfer-encoding"]
        var lines = head.split(separator: "\r\n").filter { line in
            !own.contains(line.prefix { $0 != ":" }.lowercased())
        }
        if let length { lines.append("Content-Length: \(length)") }
        return Data((lines + ["Connection: close", "\r\n"]).joined(separator: "\r\n").utf8)
    }

    static func json(_ data: Data) -> JSONValue? {
        data.isEmpty ? nil : try? JSONDecoder().decode(JSONValue.self, from: data)
    }
}
