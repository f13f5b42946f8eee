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

    @Test func memoryDoesNotGrowWithAFile() async throws {
        let size = 256 << 20
        let path = try file(Data())
        defer { try? FileManager.default.removeItem(atPath: path) }
        // Of holes, which take no room on the disk.
        #expect(truncate(path, size) == 0)
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
        var request = HTTPRequest(method: .post, url: server.url, timeouts: .fixture)
        request.bodySegments = [.file(path: path, size: size)]
        let before = ProcessFigures.current.residentKilobytes
        #expect(try await transport.send(request).status == 200)
        #expect(received.all == [size])
        // Other tests of this process run meanwhile.
        #expect(ProcessFigures.current.residentKilobytes - before < 128 << 10)
    }

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
