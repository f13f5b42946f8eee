extension MongoCollection {
    /// Everything that matches, fetched as it is read.
    package func find(
        _ filter: BSONDocument = [:], options: MongoFindOptions = MongoFindOptions()
    ) -> MongoResults<BSONDocument> {
        MongoResults(source: self, filter: filter, options: options) { $0 }
    }

    /// Everything that matches, decoded. A document that isn't a `Value` ends it with `MongoError` (coding).
    package func find<Value: Decodable & Sendable>(
        _ filter: BSONDocument = [:], options: MongoFindOptions = MongoFindOptions(), as type: Value.Type
    ) -> MongoResults<Value> {
        MongoResults(source: self, filter: filter, options: options) { document throws(MongoError) in
            try BSONDecoder().decode(type, from: document)
        }
    }

    /// The first that matches, of all or in the order of `options`.
    package func first<Value: Decodable & Sendable>(
        _ filter: BSONDocument, options: MongoFindOptions = MongoFindOptions(), as type: Value.Type
    ) async throws(MongoError) -> Value? {
        var options = options
        options.limit = 1
        return try await find(filter, options: options, as: type).all().first
    }
}

/// What a search finds. Each iteration searches again.
package struct MongoResults<Element: Sendable>: AsyncSequence, Sendable {
    package typealias Failure = MongoError

    let source: MongoCollection
    let filter: BSONDocument
    let options: MongoFindOptions
    let decode: @Sendable (BSONDocument) throws(MongoError) -> Element

    package func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// All of it at once.
    package func all() async throws(MongoError) -> [Element] {
        var iterator = makeAsyncIterator()
        var elements: [Element] = []
        while let element = try await iterator.next() { elements.append(element) }
        return elements
    }

    package struct Iterator: AsyncIteratorProtocol {
        private let results: MongoResults
        private var cursor: MongoCursor?
        /// Fetched and not yet read, the next one last.
        private var fetched: [BSONDocument] = []
        private var isAtEnd = false

        fileprivate init(_ results: MongoResults) { self.results = results }

        package mutating func next() async throws(MongoError) -> Element? {
            if fetched.isEmpty, !isAtEnd { try await fetch() }
            return try fetched.popLast().map(results.decode)
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(MongoError) -> Element? {
            try await next()
        }

        private mutating func fetch() async throws(MongoError) {
            // Whatever goes wrong, the search is over.
            isAtEnd = true
            let (source, filter, options) = (results.source, results.filter, results.options)
            let previous = cursor
            let (cursor, page) = try await source.client.onThread { pool throws(MongoError) in
                let cursor: MongoCursor
                if let previous {
                    cursor = previous
                } else {
                    cursor = MongoCursor(
                        client: try pool.lease(), threads: source.client.threads, database: source.database,
                        collection: source.name, filter: filter, options: options.document)
                }
                return (cursor, try cursor.nextPage())
            }
            self.cursor = page.isLast ? nil : cursor
            fetched = page.documents.reversed()
            isAtEnd = page.isLast
        }
    }
}
