/// `meta.k8s.io/v1 Table`: a list as the server would have it shown, with the columns that the resource's definition
/// names.
package struct ResourceTable: Decodable, Sendable {
    package struct Column: Decodable, Hashable, Sendable {
        package var name: String
        /// `string`, `integer`, `date`, …
        package var type: String?
        package var description: String?
        /// Above 0: only where more than the usual is asked for.
        package var priority: Int?

        package init(name: String, type: String? = nil, description: String? = nil, priority: Int? = nil) {
            self.name = name
            self.type = type
            self.description = description
            self.priority = priority
        }
    }

    package struct Row: Decodable, Hashable, Sendable {
        /// The row's object, by its metadata.
        package struct Subject: Decodable, Hashable, Sendable {
            package var metadata: ObjectMeta

            package init(metadata: ObjectMeta) { self.metadata = metadata }
        }

        /// In the order of the columns; a moment comes as its age, such as `41s`.
        package var cells: [JSONValue]
        package var object: Subject?

        package init(cells: [JSONValue], object: Subject? = nil) {
            self.cells = cells
            self.object = object
        }
    }

    package struct Metadata: Decodable, Hashable, Sendable {
        package var resourceVersion: String?
        package var `continue`: String?
    }

    package var metadata: Metadata?
    package var columns: [Column]
    package var rows: [Row]

    private enum CodingKeys: String, CodingKey {
        case metadata, rows
        case columns = "columnDefinitions"
    }

    package init(columns: [Column], rows: [Row]) {
        self.columns = columns
        self.rows = rows
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decodeIfPresent(Metadata.self, forKey: .metadata)
        // Only the first page has them.
        columns = try container.decodeIfPresent([Column].self, forKey: .columns) ?? []
        rows = try container.decodeIfPresent([Row].self, forKey: .rows) ?? []
    }
}
