import FoundationEssentials
internal import MongoClient

/// The sign-ins of channels that act as an account, sealed: a reader here can't use them. `report_sign_ins`, of
/// which the courier alone reads and writes. By the uids of channels: couriers of several clusters may share the database, and
/// name theirs alike.
package struct SignInStore: Sendable {
    private let signIns: MongoCollection
    private let database: String

    init(client: MongoClient, database: String) {
        signIns = client.collection("report_sign_ins", in: database)
        self.database = database
    }

    /// Nil where nobody has signed in for that channel.
    package func load(channelUID: String) async throws(StoreTrouble) -> [UInt8]? {
        try await StoreTrouble.explaining(in: database) { () async throws(MongoError) in
            let found = try await signIns.first(["_id": .string(channelUID)], as: BSONDocument.self)
            guard case .binary(let sealed)? = found?["sealed"] else { return nil }
            return Array(sealed.bytes)
        }
    }

    /// Takes the place of what was there.
    package func save(_ sealed: [UInt8], channelUID: String) async throws(StoreTrouble) {
        try await StoreTrouble.explaining(in: database) { () async throws(MongoError) in
            let now = Int64(Date().timeIntervalSince1970 * 1000)
            try await signIns.update(
                ["_id": .string(channelUID)],
                with: ["$set": ["sealed": .binary(BSONBinary(sealed)), "at": .date(milliseconds: now)]], upsert: true,
                concern: ReportStore.concern)
        }
    }
}
