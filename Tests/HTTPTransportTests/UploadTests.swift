import Foundation
import Glibc
import HTTPTransport
import LoopbackSupport
import Testing

@Suite(.serialized) struct UploadTests {
    let transport = HTTPTransport.fixture()

    private func file(_ data: Data) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("upload-\(UUID().uuidString)").path
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    private func server(_ seen: Recorder<LoopbackRequest>) -> LoopbackListener {
        LoopbackListener { connection in
            while let request = connection.readRequest() {
                seen.append(request)
                connection.respond("ok")
            }
        }
    }

    @Test(arguments: [HTTPMethod.post, .put]) func piecesGoOutInTheirOrder(method: HTTPMethod) async throws {
        let content = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let path = try file(content)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let seen = Recorder<LoopbackRequest>()
        let server = server(seen)
        defer { server.stop() }
        var request = HTTPRequest(method: method, url: server.url, body: Data("head,".utf8), timeouts: .fixture)
        request.bodySegments = [
            .file(path: path, size: content.count), .data(Data(",".utf8)), .file(path: path, size: 10),
            .file(path: "/dev/null", size: 0), .file(path: path, offset: 299_000, size: 1000), .data(Data(",end".utf8)),
        ]
        #expect(try await transport.send(request).status == 200)
        let got = try #require(seen.all.first)
        let expected =
            Data("head,".utf8) + content + Data(",".utf8) + content.prefix(10) + content.suffix(1000)
            + Data(",end".utf8)
        #expect(got.body == expected)
        #expect(got.header("Content-Length") == "\(expected.count)")
        #expect(got.header("Expect") == nil)
    }

    @Test func aFileThatIsGoneOrShorterFailsTheRequest() async throws {
        let path = try file(Data("short".utf8))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let seen = Recorder<LoopbackRequest>()
        let server = server(seen)
        defer { server.stop() }
        for (path, words) in [(path, "is shorter than it was"), ("/nowhere/a", "No such file or directory")] {
            var request = HTTPRequest(method: .post, url: server.url, timeouts: .fixture)
            request.bodySegments = [.file(path: path, size: 6)]
            let error = try #require(await transport.failure(of: request))
            #expect(error.code == .invalidRequest)
            #expect(error.message.contains(words))
        }
        #expect(seen.all.isEmpty)
    }

    /// In a process of its own: what the kernel counts, it counts for all suites that run in one.
    @Test func memoryDoesNotGrowWithAFile() async throws {
        await #expect(processExitsWith: .success) {
            let size = 256 << 20
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("upload-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            // Of holes, which take no room on the disk.
            guard FileManager.default.createFile(atPath: path, contents: nil), truncate(path, size) == 0 else {
                throw Misfit(description: "no file at \(path)")
            }
            let received = Recorder<Int>()
            let server = LoopbackListener { connection in
                guard connection.readHead() != nil else { return }
                var count = 0
                while count < size {
                    let bytes = connection.readBytes(1 << 16).count
                    guard bytes > 0 else { return }
                    count += bytes
                }
                received.append(count)
                connection.respond("ok")
            }
            defer { server.stop() }
            // As long as it takes: what is measured isn't time.
            var request = HTTPRequest(
                method: .post, url: server.url, timeouts: HTTPTimeouts(connect: .seconds(60), total: .seconds(600)))
            request.bodySegments = [.file(path: path, size: size)]
            let before = ProcessFigures.current.residentKilobytes
            let status = try await HTTPTransport.fixture().send(request).status
            let grown = ProcessFigures.current.residentKilobytes - before
            guard status == 200, received.all == [size], grown < 32 << 10 else {
                throw Misfit(description: "status \(status), received \(received.all), grown by \(grown) KiB")
            }
        }
    }

    private struct Misfit: Error, CustomStringConvertible { let description: String }

    @Test func whatMayNotBeginLeavesNoByte() async throws {
        let seen = Recorder<Data>()
        let server = LoopbackListener { connection in seen.append(connection.drain()) }
        defer { server.stop() }
        let asked = Flag()
        var request = HTTPRequest.post(server.url, "secret")
        request.mayBegin = {
            asked.raise()
            return false
        }
        let error = try #require(await transport.failure(of: request))
        #expect(error.code == .cancelled && !error.mayHaveReachedServer)
        #expect(asked.isRaised)
        try await eventually { seen.all.count == 1 }
        #expect(seen.all == [Data()])
    }

    @Test func whatMayBeginIsAskedOnce() async throws {
        let server = LoopbackListener(body: "ok")
        defer { server.stop() }
        let asked = Recorder<Int>()
        for number in 1...2 {
            var request = HTTPRequest.post(server.url, "x")
            request.mayBegin = { asked.append(number) > 0 }
            #expect(try await transport.send(request).text == "ok")
        }
        #expect(asked.all == [1, 2])
    }
}
