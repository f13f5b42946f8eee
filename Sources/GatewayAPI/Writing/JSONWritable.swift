/// What can be an answer.
package protocol JSONWritable {
    /// Writes one whole value.
    func write(to writer: inout JSONWriter)
}

extension JSONWritable {
    /// It alone, as UTF-8.
    package var jsonBytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}
