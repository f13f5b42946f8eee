/// Names of files and folders as SharePoint takes them, beyond what every path of a channel keeps to (`ChannelPath`).
///
/// Source: Microsoft, "Restrictions and limitations in OneDrive and SharePoint".
package enum SharePointName {
    /// Of the folders and the file's name together.
    static let longestPath = 400

    /// The folders' names from the library's root on.
    package static func folders(_ segments: [String]) -> [String] {
        segments.enumerated().map { index, segment in
            // The library keeps its own pages there.
            index == 0 && segment.lowercased() == "forms" ? "_" + segment : one(segment)
        }
    }

    package static func one(_ segment: String) -> String {
        var name = withoutReserved(segment)
        // Office takes ~$ for its locks, and a folder can't begin with a tilde.
        if name.utf8.first == UInt8(ascii: "~") { name = "_" + name.dropFirst() }
        let lower = name.lowercased()
        let stem = String(Substring(lower.utf8.prefix { $0 != UInt8(ascii: ".") }))
        return lower == "desktop.ini" || lower == ".lock" || ["com0", "lpt0"].contains(stem) ? "_" + name : name
    }

    /// `_vti_` may be nowhere in a name.
    private static func withoutReserved(_ segment: String) -> String {
        var rest = Array(segment.utf8)
        let reserved = Array("_vti_".utf8)
        var index = 0
        while index + reserved.count <= rest.count {
            let part = rest[index..<index + reserved.count]
            if part.elementsEqual(reserved, by: { $0 | ($0 >= 0x41 && $0 <= 0x5A ? 0x20 : 0) == $1 }) {
                rest[index] = UInt8(ascii: "-")
            }
            index += 1
        }
        return String(decoding: rest, as: UTF8.self)
    }
}
