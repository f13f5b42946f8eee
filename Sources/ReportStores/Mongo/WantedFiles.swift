internal import MongoClient
package import ReportRecords

/// The files that people wait for: who has no fonts asks the courier here, and both sides hear of each other by change streams.
package struct WantedFiles: Sendable {
    private let wanted: MongoCollection
    private let database: String

    init(client: MongoClient, database: String) {
        wanted = client.collection("report_wanted", in: database)
        self.database = database
    }

    /// What is in none that was answered.
    private static let unanswered = BSONDocument(
        [WantedFile.CodingKeys.file, .fault, .isAtHand].map { ($0.rawValue, ["$exists": false]) })

    /// Asks for a file and waits for the answer; `onTaken`: called once a courier has begun. Throws `StoreTrouble`, also where
    /// the server isn't a replica set.
    package func ask(
        _ file: WantedFile, onTaken: @Sendable () -> Void = {}
    ) async throws(StoreTrouble) -> WantedFile {
        try await translated { () async throws(MongoError) in
            // Before it is asked, so that no answer is missed.
            let changes = try await MongoChanges(wanted, stages: [["$match": ["documentKey._id": .string(file.id)]]])
            try await wanted.insert(file)
            while true {
                guard let document = try await changes.next()["fullDocument"]?.document else { continue }
                let answer = try BSONDecoder().decode(WantedFile.self, from: document)
                if answer.isAnswered { return answer }
                if answer.takenAt != nil { onTaken() }
            }
        }
    }

    /// Hands over those that wait for an answer now, and then each that is asked for; ends with an error alone.
    package func forEach(_ body: (WantedFile) async -> Void) async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in
            let changes = try await MongoChanges(wanted, stages: [["$match": ["operationType": "insert"]]])
            // What can't be read is that asker's fault alone.
            func hand(_ document: BSONDocument?) async {
                let file = document.flatMap { try? BSONDecoder().decode(WantedFile.self, from: $0) }
                if let file { await body(file) }
            }
            var waiting = wanted.find(Self.unanswered).makeAsyncIterator()
            while let document = try await waiting.next() { await hand(document) }
            while true { await hand(try await changes.next()["fullDocument"]?.document) }
        }
    }

    /// Writes an answer, unless somebody else has.
    package func answer(_ file: WantedFile) async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in
            let document = try BSONEncoder().encode(file)
            var open = Self.unanswered
            open.append(.string(file.id), forKey: "_id")
            try await wanted.update(
                open, with: ["$set": .document(document.filter { $0 != "_id" })], concern: ReportStore.concern)
        }
    }

    private func translated<Value>(
        _ body: () async throws(MongoError) -> Value
    ) async throws(StoreTrouble) -> Value {
        try await StoreTrouble.explaining(in: database, body)
    }
}
