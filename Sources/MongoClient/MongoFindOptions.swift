/// What a search returns of what it finds, and in which order.
package struct MongoFindOptions: Sendable {
    package var sort: BSONDocument?
    package var projection: BSONDocument?
    package var skip: Int?
    package var limit: Int?
    /// Documents that the server sends at once.
    package var batchSize: Int?

    package init(
        sort: BSONDocument? = nil, projection: BSONDocument? = nil, skip: Int? = nil, limit: Int? = nil,
        batchSize: Int? = nil
    ) {
        self.sort = sort
        self.projection = projection
        self.skip = skip
        self.limit = limit
        self.batchSize = batchSize
    }

    var document: BSONDocument {
        var members: [(String, BSONValue)] = []
        if let sort { members.append(("sort", .document(sort))) }
        if let projection { members.append(("projection", .document(projection))) }
        if let skip { members.append(("skip", .int64(Int64(skip)))) }
        if let limit { members.append(("limit", .int64(Int64(limit)))) }
        if let batchSize { members.append(("batchSize", .int64(Int64(batchSize)))) }
        return BSONDocument(members)
    }
}
