internal import GatewayAPI
internal import ReportRecords
internal import ReportStores

/// Rows of a result, one after another: one document's worth of them is in memory.
struct StoredRows: AsyncSequence, Sendable {
    typealias Element = [ResultValue]

    let store: ReportStore
    let result: ReportResult
    /// Which of them, counted from 0.
    let range: Range<Int>

    func makeAsyncIterator() -> Iterator { Iterator(rows: self) }

    struct Iterator: AsyncIteratorProtocol {
        private let rows: StoredRows
        private var bucket = 0
        private var number = 0
        private var found: ArraySlice<[ResultValue]> = []

        init(rows: StoredRows) { self.rows = rows }

        mutating func next() async throws -> [ResultValue]? {
            while number < rows.range.upperBound {
                if let row = found.popFirst() {
                    number += 1
                    if number > rows.range.lowerBound { return row }
                    continue
                }
                guard bucket < rows.result.buckets else { return nil }
                guard let next = try await rows.store.rows(bucket, of: rows.result) else {
                    throw Problem.unavailable("Rows of the report are missing in the record.")
                }
                bucket += 1
                found = next[...]
            }
            return nil
        }
    }
}
