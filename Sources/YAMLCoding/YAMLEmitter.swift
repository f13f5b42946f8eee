internal import CYAML

/// Owns one libyaml emitter and the text that it has written.
///
/// The emitter holds pointers to itself and to its output, so both stay where they are on the heap.
final class YAMLEmitter {
    enum Style {
        /// Without quotes: read back it would be the same.
        case plain
        case doubleQuoted
        case literal
    }

    /// What libyaml's write callback appends to.
    private final class Output {
        var bytes: [UInt8] = []
    }

    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let output = Output()

    init() throws(YAMLError) {
        emitter = .allocate(capacity: 1)
        emitter.initialize(to: yaml_emitter_t())
        guard yaml_emitter_initialize(emitter) == 1 else {
            emitter.deallocate()
            throw YAMLError("no memory for an emitter")
        }
        yaml_emitter_set_output(
            emitter,
            { context, bytes, count in
                guard let context, let bytes else { return 0 }
                let output = Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
                output.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            },
            Unmanaged.passUnretained(output).toOpaque()
        )
        yaml_emitter_set_unicode(emitter, 1)
        // No line is broken: a long text stays as it can be searched for.
        yaml_emitter_set_width(emitter, -1)
        try emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
    }

    /// Ends the stream and returns all that was written.
    func finish() throws(YAMLError) -> [UInt8] {
        try emit { yaml_stream_end_event_initialize(&$0) }
        guard yaml_emitter_flush(emitter) == 1 else { throw problem }
        return output.bytes
    }

    /// Each document but the first begins with a separator.
    func document(isFirst: Bool, _ content: () throws(YAMLError) -> Void) throws(YAMLError) {
        try emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, isFirst ? 1 : 0) }
        try content()
        try emit { yaml_document_end_event_initialize(&$0, 1) }
    }

    func sequence(isEmpty: Bool, _ content: () throws(YAMLError) -> Void) throws(YAMLError) {
        let style = isEmpty ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
        try emit { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, style) }
        try content()
        try emit { yaml_sequence_end_event_initialize(&$0) }
    }

    func mapping(isEmpty: Bool, _ content: () throws(YAMLError) -> Void) throws(YAMLError) {
        let style = isEmpty ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
        try emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, style) }
        try content()
        try emit { yaml_mapping_end_event_initialize(&$0) }
    }

    func scalar(_ text: String, _ style: Style) throws(YAMLError) {
        let raw =
            switch style {
            case .plain: YAML_PLAIN_SCALAR_STYLE
            case .doubleQuoted: YAML_DOUBLE_QUOTED_SCALAR_STYLE
            case .literal: YAML_LITERAL_SCALAR_STYLE
            }
        var bytes = Array(text.utf8)
        let count = Int32(bytes.count)
        // libyaml takes no null pointer, which an empty array may give.
        bytes.append(0)
        try emit { event in
            yaml_scalar_event_initialize(&event, nil, nil, &bytes, count, 1, 1, raw)
        }
    }

    /// libyaml takes the event over, also when it fails.
    private func emit(_ make: (inout yaml_event_t) -> Int32) throws(YAMLError) {
        var event = yaml_event_t()
        guard make(&event) == 1 else { throw YAMLError("text that is not UTF-8, or out of memory") }
        guard yaml_emitter_emit(emitter, &event) == 1 else { throw problem }
    }

    private var problem: YAMLError {
        YAMLError(emitter.pointee.problem.map { String(cString: $0) } ?? "can't be written")
    }
}
