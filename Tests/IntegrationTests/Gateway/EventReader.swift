import Foundation
import HTTPTransport
import KubernetesModel
import LoopbackSupport

/// Follows the events of a gateway, and goes on at the next one where one ends.
final class EventReader: Sendable {
    struct Event: Sendable {
        let id: String
        let name: String
        let data: JSONValue
    }

    let events = Recorder<Event>()

    /// What the last stream was answered with.
    let statuses = Recorder<Int>()

    private let task = TaskBox()

    /// `addresses`: of gateways' events, asked in turn.
    init(_ bed: GatewayBed, _ addresses: [String], as who: String, after id: String? = nil) {
        task.task = Task { [self] in
            var last = id
            for address in (0..<10_000).map({ addresses[$0 % addresses.count] }) {
                if Task.isCancelled { return }
                var headers: [(String, String)] = [("Authorization", "Bearer \(bed.tokens[who] ?? "none")")]
                if let last { headers.append(("Last-Event-ID", last)) }
                if let end = try? await follow(bed, address, headers) { last = end }
                // Nobody may listen there just now.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Until the stream ends; returns the last id.
    private func follow(_ bed: GatewayBed, _ address: String, _ headers: [(String, String)]) async throws -> String? {
        let answer = try await bed.http.stream(
            HTTPRequest(
                url: address + "/events", headers: HTTPHeaders(headers), timeouts: HTTPTimeouts(idle: .seconds(60))))
        statuses.append(answer.status)
        guard answer.status == 200 else { return nil }
        var last: String?
        var unread = ""
        do {
            for try await piece in answer.body {
                unread += String(decoding: piece, as: UTF8.self)
                while let end = unread.range(of: "\n\n") {
                    let event = try Self.event(unread[..<end.lowerBound])
                    unread.removeSubrange(..<end.upperBound)
                    guard let event else { continue }
                    last = event.id
                    events.append(event)
                }
            }
        } catch {
            // What has come counts.
        }
        return last
    }

    private static func event(_ text: Substring) throws -> Event? {
        var fields: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.range(of: ": ") else { continue }
            fields[line[..<colon.lowerBound]] = String(line[colon.upperBound...])
        }
        guard let name = fields["event"], let id = fields["id"] else { return nil }
        return Event(id: id, name: name, data: try JSONValue.yaml(fields["data"] ?? "null"))
    }

    /// The names of objects that events of that kind were of.
    func names(_ kind: String) -> Set<String> {
        Set(events.all.filter { $0.name == kind }.compactMap { $0.data["name"]?.string })
    }

    func waitUntilReady() async throws {
        try await eventually("the stream begins", every: .milliseconds(20)) { !events.all.isEmpty }
    }

    func end() { task.task?.cancel() }
}

private final class TaskBox: @unchecked Sendable {
    /// Set once, before anybody else knows of it.
    var task: Task<Void, Never>?
}
