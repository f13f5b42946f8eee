import Foundation
import MongoClient
import ReportStores
import ServiceSupport
import Testing

@Suite(.services(.mongodb)) struct MongoCallTests {
    let bench: MongoBench

    init() throws { bench = try MongoBench(try .current) }

    @Test func everyTypeComesBackAsItWas() async throws {
        let id = try #require(BSONObjectID(Array(1...12)))
        let decimal = try #require(BSONDecimal128("-1234.50"))
        let document: BSONDocument = [
            "_id": "all", "double": -0.5, "nan": .double(.infinity), "text": "grün \u{1F4C8} \0 end",
            "nested": ["a.b": 1],
            "list": [1, "two", .null, [true]], "binary": .binary(BSONBinary([0, 1, 255])),
            "uuid": .binary(BSONBinary(Array(0..<16), subtype: 4)), "undefined": .undefined, "id": .objectID(id),
            "yes": true, "date": .date(milliseconds: 1_700_000_000_123), "old": .date(milliseconds: -1),
            "null": .null, "regex": .regularExpression(pattern: "^a", options: "i"), "code": .javaScript("return 1"),
            "symbol": .symbol("s"), "scoped": .javaScriptWithScope("x", ["x": 1]), "int32": .int32(.min),
            "stamp": .timestamp(seconds: 5, increment: 6), "int64": .int64(.max), "decimal": .decimal128(decimal),
            "min": .minKey, "max": .maxKey, "pointer": .databasePointer(namespace: "db.c", id: id),
        ]
        let collection = bench.collection("types")
        try await collection.insert(document)
        #expect(try await collection.find().all() == [document])
    }

    @Test func writesAreCountedAndDuplicatesTold() async throws {
        let collection = bench.collection("writes")
        let first = try await collection.insert(unordered: (0..<10).map { ["_id": $0] })
        #expect(first.inserted == 10 && first.errors.isEmpty)
        let second = try await collection.insert(
            unordered: (5..<15).map { ["_id": $0] }, concern: .majority(timeout: .seconds(5)))
        #expect(second.inserted == 5 && second.errors.map(\.index) == [0, 1, 2, 3, 4])
        #expect(second.errors.allSatisfy { $0.error.kind == .duplicateKey && $0.error.code == 11000 })
        #expect(await trouble { try await collection.insert(["_id": 1]) }?.kind == .duplicateKey)
        let updated = try await collection.update(["_id": .int64(1)], with: ["$set": ["a": 1]])
        #expect(updated.matched == 1 && updated.modified == 1 && updated.upserted == 0)
        let made = try await collection.update(["_id": "new"], with: ["$set": ["a": 1]], upsert: true)
        #expect(made.upserted == 1)
        #expect(try await collection.write([.delete(filter: ["_id": "new"])]).deleted == 1)
        #expect(try await collection.count() == 15)
        #expect(try await collection.count(["a": 1]) == 1)
    }

    @Test func manyDocumentsArriveInOrderAndInPages() async throws {
        struct Row: Codable, Sendable { var n: Int; var padding: [UInt8] }
        let collection = bench.collection("rows")
        _ = try await collection.insert(
            unordered: (0..<1000).map { Row(n: $0, padding: .init(repeating: 1, count: 9000)) })
        var seen: [Int] = []
        let options = MongoFindOptions(sort: ["n": -1], skip: 10, batchSize: 37)
        for try await row in collection.find(["n": ["$gte": 100]], options: options, as: Row.self) {
            seen.append(row.n)
        }
        #expect(seen == Array((100..<990).reversed()))
        #expect(
            try await collection.find([:], options: .init(sort: ["n": 1], limit: 5), as: Row.self).all().map(\.n) == [
                0, 1, 2, 3, 4,
            ])
        // Given up in the middle: the connection serves again.
        for try await _ in collection.find(options: .init(batchSize: 2)) { break }
        #expect(try await collection.count() == 1000)
        #expect(await trouble { _ = try await collection.find(as: [String: Int].self).all() }?.kind == .coding)
    }

    @Test func aFilterThatIsNoneIsRefused() async throws {
        let error = await trouble { _ = try await bench.collection("c").find(["$nonsense": 1]).all() }
        #expect(error?.kind == .invalidRequest && error?.isRetryable == false, "\(String(describing: error))")
        let command = await trouble { try await bench.client.run(["nonsense": 1], in: bench.database) }
        #expect(command?.codeName == "CommandNotFound")
    }

    @Test func sixteenMegabytesAreTheLimit() async throws {
        let collection = bench.collection("large")
        try await collection.insert([
            "_id": "fits", "data": .binary(BSONBinary(.init(repeating: 7, count: 16_776_000))),
        ])
        let error = await trouble {
            try await collection.insert(["data": .binary(BSONBinary(.init(repeating: 7, count: 17_000_000)))])
        }
        #expect(error?.kind == .documentTooLarge && error?.isRetryable == false, "\(String(describing: error))")
        #expect(try await collection.find(["_id": "fits"]).all().first?.bytes.count ?? 0 > 16_776_000)
        let growth = await trouble {
            try await collection.update(
                ["_id": "fits"], with: ["$set": ["more": .string(.init(repeating: "x", count: 5000))]])
        }
        #expect(growth?.kind == .documentTooLarge, "\(String(describing: growth))")
    }

    @Test func aWrongPasswordIsToldAsThat() async throws {
        let uri = try LiveServices.current.value("MONGODB_URI")
        let wrong = try #require(uri.firstRange(of: "@"))
        let bad = MongoBench(try MongoURI(uri[..<wrong.lowerBound] + "hunter22" + uri[wrong.lowerBound...]))
        let error = await trouble {
            try await bad.client.ping(); try await bad.store.prepare()
        }
        #expect(error?.kind == .authentication, "\(String(describing: error))")
        #expect(error.map { !"\($0)".contains("hunter22") } == true)
        do throws(StoreTrouble) { try await bad.store.prepare() } catch {
            #expect(error.description.contains("check the Secret") && !error.description.contains("hunter22"))
        }
    }

    @Test func whatTheUserMayNotDoIsToldAsThat() async throws {
        let user = MongoBench(try MongoURI(LiveServices.current.value("MONGODB_URI")))
        let error = await trouble { try await user.client.run(["shutdown": 1], in: "admin") }
        #expect(error?.kind == .unauthorized, "\(String(describing: error))")
    }

    @Test func theServersUserMayDoAllThatTheStoreDoes() async throws {
        let uri = try MongoURI(LiveServices.current.value("MONGODB_URI"))
        let store = ReportStore(client: MongoClient(uri, logger: MongoBench.logger))
        #expect(try await store.prepare().isEmpty)
        #expect(try await store.prepare().isEmpty)
    }

    @Test func cancellingReturnsAtOnceAndOthersGoOn() async throws {
        let slow = Task {
            try await bench.client.run(["find": "x", "filter": ["$where": "sleep(30000) || true"]], in: bench.database)
        }
        try await bench.collection("x").insert(["a": 1])
        let held = Task { try await bench.collection("x").find(["$where": "sleep(30000) || true"]).all() }
        held.cancel()
        slow.cancel()
        // The calls themselves would take half a minute, and end by an answer or by their deadline.
        let error = await #expect(throws: MongoError.self) { try await held.value }
        #expect(error?.kind == .cancelled)
        try await bench.client.ping()
    }
}
