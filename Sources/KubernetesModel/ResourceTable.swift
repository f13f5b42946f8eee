/// `meta.k8s.io/v1 Table`: a list as the server would have it shown, with the columns that the resource's definition
/// names.
public struct ResourceTable: Decodable, Sendable {
    public struct Column: Decodable, Hashable, Sendable {
        public var name: String
        /// `string`, `integer`, `date`, …
        public var type: String?
        public var description: String?
        /// Above 0: only where more than the usual is asked for.
        public var priority: Int?

        public init(name: String, type: String? = nil, description: String? = nil, priority: Int? = nil) {
            self.name = name
            self.type = type
            self.description = description
            self.priority = priority
        }
    }

    public struct Row: Decodable, Hashable, Sendable {
        /// The row's object, by its metadata.
        public struct Subject: Decodable, Hashable, Sendable {
            public var metadata: ObjectMeta

            public init(metadata: ObjectMeta) { self.metadata = metadata }
        }

        /// In the order of the columns; a moment comes as its age, such as `41s`.
        public var cells: [JSONValue]
        public var object: Subject?

        public init(cells: [JSONValue], object: Subject? = nil) {
            self.cells = cells
            self.object = object
        }
    }

    public struct Metadata: Decodable, Hashable, Sendable {
        public var resourceVersion: String?
        public var `continue`: String?
    }

    public var metadata: Metadata?
    public var columns: [Column]
    public var rows: [Row]

    private enum CodingKeys: String, CodingKey {
        case metadata, rows
        case columns = "columnDefinitions"
    }

    public init(columns: [Column], rows: [Row]) {
        self.columns = columns
        self.rows = rows
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decodeIfPresent(Metadata.self, forKey: .metadata)
        // Only the first page has them.
        columns = try container.decodeIfPresent([Column].self, forKey: .columns) ?? []
        rows = try container.decodeIfPresent([Row].self, forKey: .rows) ?? []
    }
}
