package import Foundation

/// Lines of a long text by words that stand in them. Logs grow to many megabytes, and tests look through them again and
/// again: a search by characters would take the processor from what they test.
package enum Lines {
    /// The lines of a text in UTF-8 that hold all of those words, in their order and without their ends.
    package static func of(_ text: Data, with words: [String]) -> [Data] {
        var found: [Data] = []
        search(text, words) { line in
            found.append(line)
            return true
        }
        return found
    }

    /// Whether a line holds all of those words.
    package static func has(_ text: Data, with words: [String]) -> Bool {
        var isFound = false
        search(text, words) { _ in
            isFound = true
            return false
        }
        return isFound
    }

    /// `goesOn` says of each line whether there is to be a next one.
    private static func search(_ text: Data, _ words: [String], _ goesOn: (Data) -> Bool) {
        guard let first = words.first else { return }
        // A string as C has them, for whose search there is a fast one: logs hold no NUL.
        var text = text
        text.append(0)
        text.withUnsafeBytes { bytes in
            guard var rest = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
            while let hit = strstr(rest, first) {
                var start = UnsafePointer(hit)
                while start > rest, start[-1] != newline { start -= 1 }
                let end = strchr(hit, Int32(newline)).map { UnsafePointer($0) }
                let line = Data(bytes: start, count: end.map { $0 - start } ?? strlen(start))
                if words.dropFirst().allSatisfy({ line.range(of: Data($0.utf8)) != nil }), !goesOn(line) { return }
                guard let end else { return }
                rest = end + 1
            }
        }
    }

    private static let newline = CChar(UInt8(ascii: "\n"))
}
