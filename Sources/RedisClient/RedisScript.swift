internal import COpenSSL

/// A Lua script, which Redis carries out as one step that nothing else comes between.
package struct RedisScript: Sendable {
    package let source: String
    /// SHA-1 in hexadecimal digits: how Redis calls a script that it knows.
    package let digest: String

    package init(_ source: String) {
        self.source = source
        var bytes = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        let text = Array(source.utf8)
        _ = SHA1(text, text.count, &bytes)
        digest = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// One call: the keys that it touches, and what else it is given.
    package struct Call: Sendable {
        package var keys: [RedisArgument]
        package var arguments: [RedisArgument]

        package init(keys: [RedisArgument], arguments: [RedisArgument]) {
            self.keys = keys
            self.arguments = arguments
        }
    }

    func byDigest(_ call: Call) -> RedisCommand {
        RedisCommand("EVALSHA", [.text(digest), .text(String(call.keys.count))] + call.keys + call.arguments)
    }

    func bySource(_ call: Call) -> RedisCommand {
        RedisCommand("EVAL", [.text(source), .text(String(call.keys.count))] + call.keys + call.arguments)
    }
}

extension RedisConnection {
    /// Runs a script: by its digest, and by its source where the server doesn't know it (a new one, or restarted).
    package func run(
        _ script: RedisScript, _ call: RedisScript.Call, timeout: Duration? = nil, isIdempotent: Bool = false
    ) async throws(RedisError) -> RedisReply {
        let replies = try await runAll(script, [call], timeout: timeout, isIdempotent: isIdempotent)
        if case .error(let error) = replies[0] { throw self.error(error) }
        return replies[0]
    }

    /// Runs a script many times in one round trip; replies in the order of the calls, errors among them.
    ///
    /// The order in which the calls are carried out is theirs only if the server knows the script: those that it
    /// refused come after those that it took.
    package func runAll(
        _ script: RedisScript, _ calls: [RedisScript.Call], timeout: Duration? = nil, isIdempotent: Bool = false
    ) async throws(RedisError) -> [RedisReply] {
        var replies = try await sendAll(
            calls.map(script.byDigest), timeout: timeout, isIdempotent: isIdempotent)
        let unknown = replies.indices.filter { index in
            if case .error(let error) = replies[index] { error.code == "NOSCRIPT" } else { false }
        }
        guard !unknown.isEmpty else { return replies }
        // The first brings the source, after which the others can go by the digest again.
        let commands = unknown.enumerated().map { position, index in
            position == 0 ? script.bySource(calls[index]) : script.byDigest(calls[index])
        }
        let late = try await sendAll(commands, timeout: timeout, isIdempotent: isIdempotent)
        for (index, reply) in zip(unknown, late) { replies[index] = reply }
        return replies
    }
}
