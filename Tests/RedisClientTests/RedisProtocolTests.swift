import Testing

@testable import RedisClient

/// Commands as they are sent and replies as they are read, without a server.
@Suite struct RedisProtocolTests {
    @Test func commandIsLengthsAndBytes() {
        var output: [UInt8] = []
        RedisCommand("SET", .bytes([0, 13, 10]), 42, "é").encode(into: &output)
        #expect(
            output == Array("*4\r\n$3\r\nSET\r\n$3\r\n".utf8) + [0, 13, 10] + Array("\r\n$2\r\n42\r\n$2\r\né\r\n".utf8))
    }

    static let samples: [(text: String, reply: RedisReply)] = [
        ("+OK\r\n", .simple("OK")),
        (":-9223372036854775808\r\n", .integer(.min)),
        ("$-1\r\n", .null),
        ("*-1\r\n", .null),
        ("$0\r\n\r\n", .bulk([])),
        ("$4\r\na\r\nb\r\n", .bulk(Array("a\r\nb".utf8))),
        ("*0\r\n", .array([])),
        (
            "*3\r\n:1\r\n*2\r\n$-1\r\n+x\r\n-ERR no\r\n",
            .array([.integer(1), .array([.null, .simple("x")]), .error(.init(code: "ERR", message: "no"))])
        ),
        ("-NOAUTH Authentication required.\r\n", .error(.init(code: "NOAUTH", message: "Authentication required."))),
        ("-something odd\r\n", .error(.init(code: "ERR", message: "something odd"))),
    ]

    @Test(arguments: [1, 2, 3, 7, 10_000])
    func repliesAreReadHoweverTheyAreCut(size: Int) throws {
        let bytes = Self.samples.flatMap { Array($0.text.utf8) }
        var reader = ReplyReader()
        var replies: [RedisReply] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            try bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { try reader.feed($0) }
            while let reply = try reader.next() { replies.append(reply) }
        }
        #expect(replies == Self.samples.map(\.reply))
    }

    @Test func somethingElseThanRedisIsAnError() throws {
        var reader = ReplyReader()
        try Array("HTTP/1.1 400 Bad Request\r\n".utf8).withUnsafeBytes { try reader.feed($0) }
        var code: RedisError.Code?
        do throws(RedisError) { _ = try reader.next() } catch { code = error.code }
        #expect(code == .protocolError)
    }

    @Test(arguments: [
        ("NOAUTH", "Authentication required.", RedisError.Code.authentication, true),
        ("ERR", "AUTH <password> called without any password configured", .authentication, true),
        ("LOADING", "Redis is loading", .loading, true), ("READONLY", "You can't write", .readOnly, true),
        ("OOM", "command not allowed", .outOfMemory, true),
        ("WRONGTYPE", "Operation", .server(code: "WRONGTYPE"), false),
        ("MASTERDOWN", "Link with MASTER is down", .server(code: "MASTERDOWN"), true),
    ])
    func errorsHaveACodeAndSayWhetherToRetry(code: String, text: String, expected: RedisError.Code, retry: Bool) {
        let error = RedisError(RedisServerError(code: code, message: text), server: "redis://host:1/0")
        #expect(error.code == expected)
        #expect(error.isRetryable == retry)
        #expect(error.message.contains("redis://host:1/0"))
    }

    @Test func scriptIsKnownByItsDigest() {
        #expect(RedisScript("return 1").digest == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    }

    @Test func queueKeepsItsOrder() {
        var queue = CommandQueue<Int>()
        var expected: [Int] = []
        var popped: [Int] = []
        for number in 0..<5000 {
            queue.append(number)
            expected.append(number)
            if number % 3 == 0, let first = queue.popFirst() { popped.append(first) }
        }
        queue.prepend([-2, -1])
        while let first = queue.popFirst() { popped.append(first) }
        #expect(popped.filter { $0 >= 0 } == expected)
        #expect(popped.firstIndex(of: -2).map { popped[$0 + 1] } == -1)
    }
}
