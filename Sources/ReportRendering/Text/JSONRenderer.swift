import KubernetesModel
package import ReportLayout

/// One JSON object with what the report is, its columns and its rows: a list of objects, keyed by the columns' names, one
/// to a line.
///
/// A reader that wants only the data takes `rows`; one that reads line by line finds each row on a line of its own. The
/// number of rows is at the end: a file that is cut off has none.
package enum JSONRenderer: ReportRenderer {
    package static func render(_ layout: TableLayout, rows: some RowSource, to descriptor: Int32) throws {
        let places = layout.dataColumns
        let keys = JSONRow.keys(places.map { layout.published[$0].name })
        let object = JSONRow(zip(keys, places).map { (key: $0, place: $1) })
        var sink = ByteSink(descriptor: descriptor)
        var text = Self.head(of: layout, keys: keys, places: places)
        try sink.write(text)
        var count = 0
        try rows.forEachRow { row in
            text.removeAll(keepingCapacity: true)
            text += (count == 0 ? "\n" : ",\n").utf8
            object.append(row, to: &text)
            try sink.write(text)
            count += 1
        }
        try sink.write("\(count == 0 ? "" : "\n")],\n\"rowCount\":\(count)}\n")
        try sink.flush()
    }

    /// All up to the first row.
    private static func head(of layout: TableLayout, keys: [String], places: [Int]) -> [UInt8] {
        let identity = layout.identity
        var report: JSONObject = [
            "id": .string(identity.reportID), "namespace": .string(identity.namespace),
            "name": .string(identity.name), "attempt": .integer(Int64(identity.attempt)),
            "parameters": .object(identity.parameters),
        ]
        if let pipeline = identity.pipeline { report["pipeline"] = .string(pipeline) }
        let columns = zip(keys, places).map { key, place in
            let column = layout.published[place]
            return JSONValue.object([
                "name": .string(key), "title": .string(column.title), "type": .string(column.kind.rawValue),
            ])
        }
        let members: [(String, JSONValue?)] = [
            ("title", .string(layout.title)), ("subtitle", layout.subtitle.map { .string($0) }),
            ("asOf", .string(identity.asOf.description)), ("publishedAt", .string(identity.publishedAt.description)),
            ("report", .object(report)), ("notes", layout.notes.map { .string($0) }), ("columns", .array(columns)),
        ]
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (name, value) in members {
            guard let value else { continue }
            JSONValue.string(name).appendJSON(to: &text)
            text.append(UInt8(ascii: ":"))
            value.appendJSON(to: &text)
            text += ",\n".utf8
        }
        text += "\"rows\":[".utf8
        return text
    }
}
