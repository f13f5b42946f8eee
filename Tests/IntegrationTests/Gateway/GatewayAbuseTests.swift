import ClusterSupport
import Foundation
import HTTPTransport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// Who sends too much, too slowly or something else gets a plain refusal, and costs nobody anything.
@Suite(.timeLimit(.minutes(10))) struct GatewayAbuseTests {
    @Test func whatIsTooMuchIsRefused() async throws {
        try await GatewayBed.run("gateway-abuse") { bed in
            try await bed.withGateway { gateway in
                let before = try #require(gateway.residentKiB)

                // It says how long it is, or it doesn't: no more than a megabyte of it is read.
                #expect(try await Self.status(gateway, bed, "Content-Length: 1073741824\r\n") == 413)
                let sent = try await Self.flood(gateway, bed)
                #expect(sent < 64 << 20, "\(sent) bytes of the gigabyte were taken")

                // A kilobyte that becomes a gigabyte isn't unpacked.
                #expect(
                    try await Self.status(gateway, bed, "Content-Encoding: gzip\r\nContent-Length: 1000\r\n") == 415)
                #expect(try await Self.status(gateway, bed, "Content-Type: text/plain\r\nContent-Length: 2\r\n") == 415)
                let long = String(repeating: "a", count: 40_000)
                let status = try await Self.status(gateway, bed, "X-Long: \(long)\r\nContent-Length: 0\r\n")
                #expect([400, 431].contains(status))
                #expect(try await bed.status(gateway, "POST", "/requests", "{") == 400)
                let deep = String(repeating: "[", count: 100_000)
                #expect([400, 422].contains(try await bed.status(gateway, "POST", "/requests", deep)))
                let after = try #require(gateway.residentKiB)
                #expect(after - before < 64 << 10, "it grew from \(before) to \(after) KiB")
                #expect(try await bed.status(gateway, "GET", "/me") == 200)
            }
        }
    }

    /// A body that comes byte by byte is given up after 20 seconds, whatever else is served meanwhile.
    @Test func whoDripsIsCutOff() async throws {
        try await GatewayBed.run("gateway-drip") { bed in
            try await bed.withGateway { gateway in
                let begun = ContinuousClock.now
                let answer = try await Self.raw(gateway) { connection in
                    connection.write(Self.head(bed, "Content-Length: 100000\r\n"))
                    for _ in 1...25 {
                        connection.write(" ")
                        Thread.sleep(forTimeInterval: 1)
                    }
                }
                #expect(answer == 408)
                #expect(begun.duration(to: .now) < .seconds(60))
            }
        }
    }

    // MARK: -

    private static func head(_ bed: GatewayBed, _ headers: String) -> String {
        let type = headers.contains("Content-Type") ? "" : "Content-Type: application/json\r\n"
        return "POST /api/v1/requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(bed.tokens["editor"] ?? "")\r\n"
            + "\(type)\(headers)\r\n"
    }

    private static func status(_ gateway: GatewayProcess, _ bed: GatewayBed, _ headers: String) async throws -> Int? {
        try await raw(gateway) { $0.write(head(bed, headers)) }
    }

    /// How many bytes of a gigabyte, of which nobody says how long it is, were taken.
    private static func flood(_ gateway: GatewayProcess, _ bed: GatewayBed) async throws -> Int {
        let sent = Recorder<Int>()
        let status = try await raw(gateway) { connection in
            guard connection.write(head(bed, "Transfer-Encoding: chunked\r\n")) else { return }
            let piece = "10000\r\n" + String(repeating: " ", count: 1 << 16) + "\r\n"
            for _ in 1...(1 << 14) {
                guard connection.write(piece) else { return }
                sent.append(1)
            }
        }
        // Its end may be a reset, before the answer is read.
        #expect(status == 413 || status == nil)
        return sent.all.count << 16
    }

    /// The status of what comes back; nil where the connection ends without.
    private static func raw(
        _ gateway: GatewayProcess, _ talk: @escaping @Sendable (LoopbackConnection) -> Void
    ) async throws -> Int? {
        let port = gateway.port
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                guard let connection = LoopbackConnection.open(toPort: port) else {
                    return continuation.resume(throwing: DeadlineExceeded(description: "nobody listens"))
                }
                talk(connection)
                let head = connection.readHead() ?? ""
                connection.close()
                continuation.resume(returning: head.split(separator: " ").dropFirst().first.flatMap { Int($0) })
            }
        }
    }
}
