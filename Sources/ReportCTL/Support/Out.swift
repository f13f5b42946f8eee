import ArgumentParser
import FoundationEssentials
import Glibc
import KubernetesModel
import YAMLCoding

/// Standard output and standard error, written at once and whole.
enum Out {
    static func write(_ text: String) { write(text, to: STDOUT_FILENO) }

    static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// What a person wants to read and a pipe doesn't want to carry. It may quote anything: what could steer a terminal is
    /// escaped, but for line feeds.
    static func hint(_ text: String) { write(text.escapingControls(keepingLines: true) + "\n", to: STDERR_FILENO) }

    /// As `hint`, in its tones.
    static func hint(_ line: StyledText, color: Bool) { write(line.rendered(color: color) + "\n", to: STDERR_FILENO) }

    /// A question, whose answer is on the same line.
    static func prompt(_ text: String) { write(text, to: STDERR_FILENO) }

    static func trouble(_ trouble: Trouble) {
        hint("Error: \(trouble.message)")
        for line in trouble.advice { hint("  \(line)") }
    }

    private static func write(_ text: String, to stream: CInt) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(stream, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN {
                    var wait = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&wait, 1, -1)
                    continue
                }
                guard count > 0 else { return fail(stream, count < 0 ? errno : EIO) }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    private static func fail(_ stream: CInt, _ error: CInt) {
        // The reader has gone, as `head` does: nobody is left to write to.
        if error == EPIPE { _exit(128 + SIGPIPE) }
        // A hint that can't be written is not a reason to give up.
        if stream == STDERR_FILENO { return }
        hint("Error: standard output can't be written: \(String(cString: strerror(error)))")
        _exit(ExitCode.unable.rawValue)
    }

    /// An object or a list as it is, for programs.
    static func value(_ value: JSONValue, as format: OutputOptions.Format) throws {
        switch format {
        case .yaml:
            write(String(decoding: try YAMLEncoder().encode(value), as: UTF8.self))
        case .json, .wide, .name:
            try encoded(value)
        }
    }

    static func encoded(_ value: some Encodable, as format: OutputOptions.Format = .json) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let json = try encoder.encode(value)
        guard format == .yaml else { return line(String(decoding: json, as: UTF8.self).escapingControlsInJSON) }
        try Out.value(try JSONDecoder().decode(JSONValue.self, from: json), as: .yaml)
    }
}
