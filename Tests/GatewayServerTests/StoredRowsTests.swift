import GatewayAPI
import LoopbackSupport
import ReportRecords
import Testing

@testable import GatewayServer

struct StoredRowsTests {
    /// Documents of 3, 0, 1, 4 and 2 rows: as many as fit.
    private static let buckets: [[[ResultValue]]] = {
        var number: Int64 = 0
        return [3, 0, 1, 4, 2].map { count in
            (0..<count).map { _ in
                number += 1
                return [.integer(number)]
            }
        }
    }()

    private func rows(
        _ read: Recorder<Int> = Recorder(), from start: StoredRows.Place = .init(), count: Int
    ) -> StoredRows {
        StoredRows(buckets: Self.buckets.count, from: start, count: count) { bucket in
            read.append(bucket)
            return Self.buckets[bucket]
        }
    }

    @Test(arguments: 1...11) func pagesOfAnyLengthGoThroughAllRowsOnce(length: Int) async throws {
        var (all, place): ([[ResultValue]], StoredRows.Place) = ([], .init())
        for _ in 0..<(10 + length - 1) / length {
            var iterator = rows(from: place, count: length).makeAsyncIterator()
            while let row = try await iterator.next() { all.append(row) }
            place = iterator.place
        }
        #expect(all == Self.buckets.flatMap(\.self))
    }

    /// Page N costs what page 1 costs.
    @Test func onlyTheDocumentsOfAPageAreRead() async throws {
        let read = Recorder<Int>()
        var iterator = rows(read, from: .init(bucket: 3, offset: 2), count: 3).makeAsyncIterator()
        var found: [[ResultValue]] = []
        while let row = try await iterator.next() { found.append(row) }
        #expect(found == [[.integer(7)], [.integer(8)], [.integer(9)]])
        #expect(read.all == [3, 4])
        #expect(iterator.place == .init(bucket: 4, offset: 1))
        let none = Recorder<Int>()
        var empty = rows(none, from: .init(bucket: 1, offset: 0), count: 0).makeAsyncIterator()
        #expect(try await empty.next() == nil && none.all.isEmpty)
    }

    /// A cursor isn't a secret, and anybody can write one.
    @Test(arguments: [(0, 5, 4), (2, 9, 5), (4, 9, nil), (5, 0, nil), (99, 0, nil)])
    func aPlaceThatThereIsNotBringsWhatFollows(bucket: Int, offset: Int, first: Int64?) async throws {
        var iterator = rows(from: .init(bucket: bucket, offset: offset), count: 20).makeAsyncIterator()
        #expect(try await iterator.next() == first.map { [.integer($0)] })
    }

    @Test func aMissingDocumentIsAnOutage() async {
        let rows = StoredRows(buckets: 2, count: 10) { _ in nil }
        await #expect(throws: Problem.self) { for try await _ in rows {} }
    }
}
