import BSON

/// A document in sentences, one fact a line.
///
/// Documents, and lists of them, are told member by member as far as that reads well; the rest is in its line.
struct DocumentText {
    /// What a report's result calls the columns of its rows.
    var columns: [[UInt8]] = []
    /// How many rows of the attempt were told before.
    var rowNumber = 0
    /// The name of the file beside the text that holds a chunk's bytes.
    var bytesFile: String?

    private(set) var output: [UInt8] = []

    private static let pathLimit = 120
    private static let depthLimit = 3

    init(columns: [[UInt8]] = [], rowNumber: Int = 0, bytesFile: String? = nil) {
        self.columns = columns
        self.rowNumber = rowNumber
        self.bytesFile = bytesFile
    }

    mutating func append(_ document: BSONDocument, _ kind: ArchiveKind) {
        guard let members = Members(document.bytes[...], isList: false) else {
            output.append(contentsOf: "\(kind.noun), in raw bytes: ".utf8)
            Hexadecimal.append(document.bytes, to: &output)
            return output.append(contentsOf: ".\n".utf8)
        }
        let count = members.list.count
        output.append(contentsOf: "\(kind.noun), in \(count) fact\(count == 1 ? "" : "s"):\n".utf8)
        for member in members.list {
            var path = Array("Its ".utf8)
            KeyText.append(member.keyBytes, to: &path)
            if kind == .rows, member.keyBytes.elementsEqual("rows".utf8), let rows = Self.rows(member) {
                appendRows(rows, path)
            } else if kind.isChunk, member.keyBytes.elementsEqual("data".utf8), let bytesFile,
                let count = Self.plainBytes(member)
            {
                output.append(contentsOf: path)
                output.append(contentsOf: " is the next \(count) bytes of ".utf8)
                QuotedText.append(bytesFile, to: &output)
                output.append(contentsOf: ".\n".utf8)
            } else {
                append(member, path, depth: 1)
            }
        }
    }

    private mutating func append(_ element: BSONReader.Element, _ path: [UInt8], depth: Int) {
        output.append(contentsOf: path)
        output.append(contentsOf: " is ".utf8)
        guard let members = Self.parts(element, path, depth: depth) else {
            ValueText.append(element, to: &output)
            return output.append(contentsOf: ".\n".utf8)
        }
        let isList = element.type == .array
        output.append(contentsOf: "a \(isList ? "list" : "document") of \(members.count):\n".utf8)
        for (index, member) in members.enumerated() {
            var memberPath = path
            if isList {
                memberPath.append(contentsOf: ", number \(index + 1),".utf8)
            } else {
                memberPath.append(contentsOf: "'s ".utf8)
                KeyText.append(member.keyBytes, to: &memberPath)
            }
            append(member, memberPath, depth: depth + 1)
        }
    }

    /// What is told member by member; nil of what is in its line.
    private static func parts(
        _ element: BSONReader.Element, _ path: [UInt8], depth: Int
    ) -> [BSONReader.Element]? {
        let isList = element.type == .array
        guard isList || element.type == .document, depth <= depthLimit, path.count <= pathLimit,
            let members = Members(element.content, isList: isList)?.list, !members.isEmpty,
            !isList || members.allSatisfy({ $0.type == .document })
        else { return nil }
        return members
    }

    /// The rows where they are a list of lists; nil of anything else.
    private static func rows(_ element: BSONReader.Element) -> [[BSONReader.Element]]? {
        guard element.type == .array, let list = Members(element.content, isList: true)?.list else { return nil }
        var rows: [[BSONReader.Element]] = []
        rows.reserveCapacity(list.count)
        for row in list {
            guard row.type == .array, let cells = Members(row.content, isList: true)?.list else { return nil }
            rows.append(cells)
        }
        return rows
    }

    private mutating func appendRows(_ rows: [[BSONReader.Element]], _ path: [UInt8]) {
        output.append(contentsOf: path)
        output.append(contentsOf: " is these \(rows.count):\n".utf8)
        for row in rows {
            rowNumber += 1
            output.append(contentsOf: "Row \(rowNumber): ".utf8)
            if row.isEmpty { output.append(contentsOf: "no cells".utf8) }
            for (index, cell) in row.enumerated() {
                if index > 0 { output.append(contentsOf: ", ".utf8) }
                if row.count == columns.count {
                    KeyText.append(columns[index][...], to: &output)
                    output.append(contentsOf: " is ".utf8)
                }
                ValueText.append(cell, to: &output)
            }
            output.append(contentsOf: ".\n".utf8)
        }
    }

    /// How many they are; nil where they are of a subtype.
    private static func plainBytes(_ element: BSONReader.Element) -> Int? {
        guard element.type == .binary, element.content[element.content.startIndex + 4] == 0 else { return nil }
        return element.content.count - 5
    }
}
