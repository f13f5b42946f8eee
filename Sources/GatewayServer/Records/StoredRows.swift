internal import GatewayAPI
internal import ReportRecords
internal import ReportStores

/// Rows of a result, one after another: one document's worth of them is in memory, and none is read before the first row's.
struct StoredRows: AsyncSequence, Sendable {
    typealias Element = [ResultValue]

    /// Where a row is.
    struct Place: Hashable, Sendable {
        /// The document, from 0 on.
        var bucket = 0
        /// Among the document's rows, from 0 on.
        var offset = 0
    }

    private let buckets: Int
    private let start: Place
    private let count: Int
    /// The rows of a document; nil where it isn't there.
    private let read: @Sendable (_ bucket: Int) async throws -> [[ResultValue]]?

    /// `count` rows at the most, from `start` on.
    init(
        buckets: Int, from start: Place = Place(), count: Int,
        read: @escaping @Sendable (_ bucket: Int) async throws -> [[ResultValue]]?
    ) {
        self.buckets = buckets
        self.start = start
        self.count = count
        self.read = read
    }

    init(_ store: ReportStore, _ result: ReportResult, from start: Place = Place(), count: Int? = nil) {
        self.init(buckets: result.buckets, from: start, count: count ?? result.rows) { bucket in
            try await store.rows(bucket, of: result)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    struct Iterator: AsyncIteratorProtocol {
        private let rows: StoredRows
        private var left: Int
        private var found: [[ResultValue]]?
        /// Of the row after the last that it gave.
        private(set) var place: Place

        fileprivate init(_ rows: StoredRows) {
            self.rows = rows
            left = rows.count
            place = rows.start
        }

        mutating func next() async throws -> [ResultValue]? {
            while left > 0 {
                if let found {
                    if place.offset < found.count {
                        place.offset += 1
                        left -= 1
                        return found[place.offset - 1]
                    }
                    place = Place(bucket: place.bucket + 1)
                    self.found = nil
                }
                guard place.bucket < rows.buckets else { return nil }
                guard let read = try await rows.read(place.bucket) else {
                    throw Problem.unavailable("Rows of the report are missing in the record.")
                }
                found = read
            }
            return nil
        }
    }
}
