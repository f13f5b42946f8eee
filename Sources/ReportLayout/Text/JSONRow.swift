import KubernetesModel
package import ReportRecords

/// Rows as JSON objects, one to a line. Decimals are strings, so that no reader's floating point changes them; days and
/// instants are ISO 8601.
package struct JSONRow: Sendable {
    /// With what precedes each value: `{"account":`, `,"closing":`.
    private let members: [(begin: [UInt8], place: Int)]

    /// `members`: the key of each value, and its place in a row. Keys must differ.
    package init(_ members: some Sequence<(key: String, place: Int)>) {
        self.members = members.enumerated().map { index, member in
            var begin = [UInt8(ascii: index == 0 ? "{" : ",")]
            JSONValue.string(member.key).appendJSON(to: &begin)
            begin.append(UInt8(ascii: ":"))
            return (begin, member.place)
        }
    }

    package func append(_ row: [ResultValue], to bytes: inout [UInt8]) {
        if members.isEmpty { bytes.append(UInt8(ascii: "{")) }
        for member in members {
            bytes += member.begin
            (row.indices.contains(member.place) ? row[member.place].json : .null).appendJSON(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Names that differ: one that comes again gets a number.
    package static func keys(_ names: [String]) -> [String] {
        var taken = Set<String>()
        return names.map { name in
            var key = name
            var number = 1
            while !taken.insert(key).inserted {
                number += 1
                key = "\(name)_\(number)"
            }
            return key
        }
    }
}
