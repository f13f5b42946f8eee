extension BSONDocument {
    /// The document with other values for some members; all else is copied unread. Nil where nothing changes.
    ///
    /// `edits`: by the member's name; each returns nil where the value stays.
    package func replacing(_ edits: [String: (BSONValue) -> BSONValue?]) -> BSONDocument? {
        var reader = BSONReader(bytes[...])
        var writer = BSONWriter()
        var isChanged = false
        while let element = reader.next() {
            if let edit = edits[element.key], let value = edit(element.value) {
                writer.append(value, forKey: element.key)
                isChanged = true
            } else {
                writer.appendHead(element.type, keyBytes: element.keyBytes)
                writer.appendRaw(element.content)
            }
        }
        return isChanged ? BSONDocument(trusting: writer.finished()) : nil
    }
}
