import Foundation
import Glibc
import HTTPTransport
import LoopbackSupport
import Testing

/// A host with several addresses, of which not each answers.
@Suite(.timeLimit(.minutes(2))) struct SeveralAddressesTests {
    /// Of root alone: the thread gets a file of hosts of its own, which nobody else sees.
    @Test(.enabled(if: geteuid() == 0)) func theLastOneIsTriedAtOnceWhereTheOthersRefuse() async throws {
        let listener = LoopbackListener(host: 5)
        listener.start { connection in
            while let request = connection.readRequest() { connection.respond(request.line) }
        }
        let lines = (1...5).map { "127.0.0.\($0) several.test\n" }
        let transport = try await Self.transport(hosts: lines.joined())
        let start = ContinuousClock.now
        let timeouts = HTTPTimeouts(connect: .seconds(60))
        let response = try await transport.send(
            .get("http://several.test:\(listener.port)/", timeouts: timeouts))
        #expect(response.status == 200)
        // To wait for one of them would be to wait for a good part of the minute.
        #expect(.now - start < .seconds(10))
        #expect(listener.connectionCount == 1)
    }

    /// Swift's Glibc module leaves `unshare` out, and `CLONE_NEWNS`.
    private static func unshareMounts() -> Bool {
        guard let symbol = dlsym(nil, "unshare") else { return false }
        return unsafeBitCast(symbol, to: (@convention(c) (CInt) -> CInt).self)(0x20000) == 0
    }

    /// One whose thread, and so all that it asks for a host's addresses, has those hosts.
    private static func transport(hosts: String) async throws -> HTTPTransport {
        let file = FileManager.default.temporaryDirectory.appending(path: "hosts-\(UUID().uuidString)")
        try Data(hosts.utf8).write(to: file)
        return try await withCheckedThrowingContinuation { continuation in
            // Of its own: what is mounted for it, no other thread has.
            Thread.detachNewThread {
                defer { try? FileManager.default.removeItem(at: file) }
                guard unshareMounts(), mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0,
                    mount(file.path, "/etc/hosts", nil, UInt(MS_BIND), nil) == 0
                else {
                    return continuation.resume(throwing: POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM))
                }
                continuation.resume(returning: HTTPTransport.fixture())
            }
        }
    }
}
