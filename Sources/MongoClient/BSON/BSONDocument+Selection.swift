extension BSONDocument {
    /// The document with those members alone whose key passes; values are copied unread.
    package func filter(keys isIncluded: (String) -> Bool) -> BSONDocument {
        var reader = BSONReader(bytes[...])
        var writer = BSONWriter()
        while let element = reader.next() {
            guard isIncluded(element.key) else { continue }
            writer.appendHead(element.type, key: element.key)
            writer.appendRaw(element.content)
        }
        return BSONDocument(trusting: writer.finished())
    }
}
