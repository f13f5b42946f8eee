/// Reads the lines of a response's head, as libcurl hands them over one by one.
struct ResponseHeadParser {
    struct Head {
        var status: Int
        var headers: HTTPHeaders
    }

    private enum State {
        case awaitingStatus
        case fields(Head)
        // What follows the head are trailers, which nobody asks for.
        case complete
    }

    private var state = State.awaitingStatus

    /// Takes one line, with or without its end; returns the head once it is complete.
    ///
    /// Interim responses (1xx) are passed over.
    mutating func consume(_ line: UnsafeRawBufferPointer) -> Head? {
        let text = Self.trimmingEnd(line)
        switch state {
        case .awaitingStatus:
            if let status = Self.status(text) { state = .fields(Head(status: status, headers: [:])) }
            return nil
        case .fields(let head) where text.isEmpty:
            state = head.status < 200 ? .awaitingStatus : .complete
            return head.status < 200 ? nil : head
        case .fields(var head):
            state = .awaitingStatus
            if let (name, value) = Self.field(text) { head.headers.add(name: name, value: value) }
            state = .fields(head)
            return nil
        case .complete:
            return nil
        }
    }

    // "HTTP/1.1 200 OK": three digits after the first space.
    private static func status(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard text.starts(with: "HTTP/".utf8), let space = text.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        return Int(String(decoding: text[text.index(after: space)...].prefix(3), as: UTF8.self))
    }

    private static func field(_ text: Slice<UnsafeRawBufferPointer>) -> (String, String)? {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let value = text[text.index(after: colon)...].drop { isBlank($0) }
        return (String(decoding: text[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }

    private static func trimmingEnd(_ line: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        var text = line[...]
        while let last = text.last, isBlank(last) || last == UInt8(ascii: "\r") || last == UInt8(ascii: "\n") {
            text.removeLast()
        }
        return text
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
