/// A command and its arguments, which are bytes: nothing is ever put together from a format.
///
/// For example: `RedisCommand("SET", key, .bytes(payload), "PX", 30_000)`
package struct RedisCommand: Sendable, Hashable {
    package let arguments: [RedisArgument]

    package init(_ name: RedisArgument, _ arguments: RedisArgument...) {
        self.arguments = [name] + arguments
    }

    package init(_ name: RedisArgument, _ arguments: [RedisArgument]) {
        self.arguments = [name] + arguments
    }

    /// The command as it goes over the wire, appended to `output`.
    ///
    /// Written here and not by `redisFormatCommandArgv`: that allocates and copies twice for what are four lines.
    package func encode(into output: inout [UInt8]) {
        Self.append("*", arguments.count, to: &output)
        for argument in arguments {
            Self.append("$", argument.bytes.count, to: &output)
            output.append(contentsOf: argument.bytes)
            output.append(contentsOf: [13, 10])
        }
    }

    private static func append(_ mark: Unicode.Scalar, _ count: Int, to output: inout [UInt8]) {
        output.append(UInt8(ascii: mark))
        output.append(contentsOf: String(count).utf8)
        output.append(contentsOf: [13, 10])
    }
}

/// One argument of a command.
package struct RedisArgument: Sendable, Hashable {
    package let bytes: [UInt8]

    package init(_ text: String) { bytes = Array(text.utf8) }
    package init(_ number: some BinaryInteger) { bytes = Array(String(number).utf8) }

    private init(copying bytes: [UInt8]) { self.bytes = bytes }

    /// Any bytes, zeros and line ends included.
    package static func bytes(_ bytes: some Sequence<UInt8>) -> RedisArgument {
        RedisArgument(copying: Array(bytes))
    }

    /// A text that isn't a literal.
    package static func text(_ text: String) -> RedisArgument { RedisArgument(text) }
}

extension RedisArgument: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self.init(value) }
    package init(integerLiteral value: Int) { self.init(value) }
}
