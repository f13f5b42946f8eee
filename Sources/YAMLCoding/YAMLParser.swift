internal import CYAML

/// Owns one libyaml parser and the text that it reads.
///
/// The parser holds pointers to itself and into the text, so both stay where they are on the heap.
final class YAMLParser {
    enum Event {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(text: String, isPlain: Bool, tag: String?, anchor: String?)
        case sequenceStart(anchor: String?)
        case sequenceEnd
        case mappingStart(anchor: String?)
        case mappingEnd
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: some Collection<UInt8>) throws(YAMLError) {
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            text.deallocate()
            throw YAMLError("no memory for a parser")
        }
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    func next() throws(YAMLError) -> (event: Event, mark: YAMLNode.Mark) {
        var raw = yaml_event_t()
        guard yaml_parser_parse(parser, &raw) == 1 else { throw problem }
        defer { yaml_event_delete(&raw) }
        let mark = YAMLNode.Mark(line: raw.start_mark.line + 1, column: raw.start_mark.column + 1)
        return (try Self.event(raw, mark), mark)
    }

    private static func event(_ raw: yaml_event_t, _ mark: YAMLNode.Mark) throws(YAMLError) -> Event {
        switch raw.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(string(raw.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(
                text: String(decoding: bytes, as: UTF8.self),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
                tag: string(scalar.tag),
                anchor: string(scalar.anchor)
            )
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart(anchor: string(raw.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart(anchor: string(raw.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: throw YAMLError("unknown event \(raw.type.rawValue)", line: mark.line, column: mark.column)
        }
    }

    private static func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    /// What stopped the parser; the reader's errors have no mark, only an offset.
    private var problem: YAMLError {
        let raw = parser.pointee
        let message = raw.problem.map { String(cString: $0) } ?? "can't be read"
        if raw.error == YAML_READER_ERROR {
            let before = text.prefix(raw.problem_offset)
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
            return YAMLError(message, line: line, column: column)
        }
        return YAMLError(message, line: raw.problem_mark.line + 1, column: raw.problem_mark.column + 1)
    }
}
