internal import MongoClient

/// The collections, what they take, and the indexes for what people ask.
enum StoreSchema {
    struct Part {
        let collection: String
        let validator: BSONDocument
        let indexes: [MongoIndex]
    }

    static let parts =
        [reports, events, rows, results, logs, wanted, deliveries, tickets, signIns, archives, tombstones] + files
        + stageFiles

    /// Where something was made.
    private static let origin: [(String, BSONValue)] = [
        ("cluster", "string"), ("clusterName", "string"), ("namespaceUID", "string"),
    ]

    private static let reports = Part(
        collection: "reports",
        validator: schema(
            required: ["_id", "namespace", "name", "phase", "attempt", "createdAt", "progress", "versionOrder"],
            properties: [
                ("_id", "string"), ("namespace", "string"), ("name", "string"), ("phase", "string"),
                ("pipeline", "string"), ("schedule", "string"), ("attempt", ["int", "long"]), ("createdAt", "date"),
                ("queuedAt", "date"), ("startedAt", "date"), ("completedAt", "date"), ("deletedAt", "date"),
                ("progress", "long"), ("versionOrder", "string"), ("stages", "array"), ("parameters", "object"),
                ("pinned", "object"),
            ] + origin),
        // Each ends as lists are sorted: the newest first.
        indexes: [
            newestFirst("createdAt", []),
            newestFirst("requester-email", ["requester.email"]),
            newestFirst("requester-name", ["requester.name"]),
            newestFirst("pipeline", ["pipeline"]),
            newestFirst("phase", ["phase"]),
            newestFirst("namespace-name", ["namespace", "name"]),
        ])

    private static let events = Part(
        collection: "report_events",
        validator: schema(
            required: ["_id", "requestUID", "attempt", "phase", "at", "sequence"],
            properties: [
                ("_id", "string"), ("requestUID", "string"), ("attempt", ["int", "long"]), ("phase", "string"),
                ("stage", "string"), ("at", "date"), ("sequence", "long"), ("exitCode", ["int", "long"]),
                ("job", "string"), ("startedAt", "date"), ("asked", "object"), ("accepted", "object"),
                ("otherStages", "array"),
            ] + origin),
        indexes: [
            MongoIndex(name: "request", keys: ["requestUID": 1, "sequence": 1]),
            MongoIndex(name: "at", keys: ["at": 1]),
        ])

    private static let rows = Part(
        collection: "report_rows",
        validator: schema(
            required: ["_id", "reportID", "attempt", "n"],
            properties: [("reportID", "string"), ("attempt", ["int", "long"]), ("n", ["int", "long"])]),
        indexes: [MongoIndex(name: "report", keys: ["reportID": 1, "attempt": 1, "n": 1])])

    /// One for each report, written last: which attempt's rows are whole and count.
    private static let results = Part(
        collection: "report_results",
        validator: schema(
            required: ["_id", "attempt", "buckets", "rows", "columns", "publishedAt"],
            properties: [
                ("_id", "string"), ("reportID", "string"), ("attempt", ["int", "long"]), ("buckets", ["int", "long"]),
                ("rows", ["int", "long"]), ("columns", "array"), ("publishedAt", "date"), ("publication", "string"),
                ("asOf", "date"), ("files", "object"), ("offloaded", "object"),
            ]),
        indexes: [MongoIndex(name: "publishedAt", keys: ["publishedAt": -1])])

    /// One for each stage of each attempt: the end of what it printed.
    private static let logs = Part(
        collection: "report_logs",
        validator: schema(
            required: ["_id", "reportID", "attempt", "stage", "pod", "podUID", "podCreatedAt", "text", "isCut"],
            properties: [
                ("_id", "string"), ("reportID", "string"), ("attempt", ["int", "long"]), ("stage", "string"),
                ("pod", "string"), ("podUID", "string"), ("podCreatedAt", "date"), ("text", "string"),
                ("isCut", "bool"),
            ]),
        indexes: [MongoIndex(name: "report", keys: ["reportID": 1, "attempt": 1])])

    /// One for each file that somebody waits for: the courier makes it, and says here what became of it. Gone after a day.
    private static let wanted = Part(
        collection: "report_wanted",
        validator: schema(
            required: ["_id", "reportID", "format", "askedAt"],
            properties: [
                ("_id", "string"), ("reportID", "string"), ("format", "string"), ("askedAt", "date"),
                ("file", "string"), ("fault", "string"), ("answeredAt", "date"),
            ]),
        indexes: [MongoIndex(name: "askedAt", keys: ["askedAt": 1], expiry: .seconds(86400))])

    /// One for each recipient of each delivery: what was tried, and what came of it. Kept for ever.
    private static let deliveries = Part(
        collection: "report_deliveries",
        validator: schema(
            required: ["_id", "reportID", "delivery"],
            properties: [("_id", "string"), ("reportID", "string"), ("delivery", "string")] + origin),
        indexes: [
            MongoIndex(name: "report", keys: ["reportID": 1]), MongoIndex(name: "delivery", keys: ["delivery": 1]),
        ])

    /// One for each firing that a ticket was opened of: what was tried, and what came of it. Kept for ever.
    private static let tickets = Part(
        collection: "report_tickets",
        validator: schema(
            required: ["_id", "triggerUID", "state"],
            properties: [("_id", "string"), ("triggerUID", "string"), ("state", "string")] + origin),
        indexes: [MongoIndex(name: "state", keys: ["state": 1])])

    /// One for each channel that acts as an account that signed in: its token, sealed.
    private static let signIns = Part(
        collection: "report_sign_ins",
        validator: schema(
            required: ["_id", "sealed", "at"],
            properties: [("_id", "string"), ("sealed", "binData"), ("at", "date")]),
        indexes: [])

    /// One for each archive: where it lies, and how far its last export goes.
    private static let archives = Part(
        collection: "report_archives",
        validator: schema(
            required: ["_id", "export", "at", "parts"],
            properties: [
                ("_id", "string"), ("export", ["int", "long"]), ("at", "date"), ("parts", "array"),
                ("reports", ["int", "long"]), ("files", ["int", "long"]), ("bytes", ["int", "long"]),
            ]),
        indexes: [])

    /// One for each person who was erased: an HMAC of the address, and no address.
    private static let tombstones = Part(
        collection: "report_tombstones",
        validator: schema(
            required: ["_id", "key", "code", "at"],
            properties: [("_id", "string"), ("key", "string"), ("code", "string"), ("at", "date")]),
        indexes: [])

    private static let files = bucket("report_files", chunkID: "objectId")
    /// What stages have made themselves.
    private static let stageFiles = bucket("report_stage_files", chunkID: "string")

    /// As the drivers' GridFS has it, so that every tool reads it; a file's name is there once.
    private static func bucket(_ name: String, chunkID: BSONValue) -> [Part] {
        [
            Part(
                collection: "\(name).files",
                validator: schema(
                    required: ["_id", "filename", "length", "chunkSize", "uploadDate"],
                    properties: [
                        ("_id", chunkID), ("filename", "string"), ("length", ["int", "long"]),
                        ("chunkSize", ["int", "long"]), ("uploadDate", "date"), ("metadata", "object"),
                    ]),
                indexes: [
                    MongoIndex(name: "filename", keys: ["filename": 1], isUnique: true),
                    MongoIndex(name: "report", keys: ["metadata.reportID": 1]),
                ]),
            Part(
                collection: "\(name).chunks",
                validator: schema(
                    required: ["files_id", "n", "data"],
                    properties: [("files_id", chunkID), ("n", ["int", "long"]), ("data", "binData")]),
                indexes: [MongoIndex(name: "files_id_1_n_1", keys: ["files_id": 1, "n": 1], isUnique: true)]),
        ]
    }

    private static func newestFirst(_ name: String, _ keys: [String]) -> MongoIndex {
        let order: [(String, BSONValue)] = [("createdAt", -1), ("_id", -1)]
        return MongoIndex(name: name, keys: BSONDocument(keys.map { ($0, 1) } + order))
    }

    private static func schema(required: [String], properties: [(String, BSONValue)]) -> BSONDocument {
        [
            "$jsonSchema": [
                "bsonType": "object",
                "required": .array(required.map(BSONValue.string)),
                "properties": .document(BSONDocument(properties.map { ($0, ["bsonType": $1]) })),
            ]
        ]
    }
}
