import FoundationEssentials

/// A file or folder, as Graph tells of it.
package struct DriveItem: Decodable, Hashable, Sendable {
    struct File: Decodable, Hashable, Sendable {
        struct Hashes: Decodable, Hashable, Sendable {
            /// In base64.
            var quickXorHash: String?
            /// In hexadecimal digits.
            var sha256Hash: String?
        }

        var hashes: Hashes?
    }

    struct Folder: Decodable, Hashable, Sendable {}

    var id: String
    var name: String?
    /// In bytes.
    var size: Int64?
    /// Where people open it.
    package var webUrl: String?
    var eTag: String?
    var file: File?
    var folder: Folder?

    static let fields = "id,name,size,webUrl,eTag,file,folder"

    static func read(_ body: Data) -> DriveItem? { try? JSONDecoder().decode(DriveItem.self, from: body) }

    /// What attachments of messages are named by: the GUID in `"{4A0F…},3"`.
    var guid: String? {
        guard let tag = eTag?.utf8, let open = tag.firstIndex(of: UInt8(ascii: "{")),
            let close = tag[open...].firstIndex(of: UInt8(ascii: "}"))
        else { return nil }
        let guid = String(Substring(tag[tag.index(after: open)..<close]))
        return UUID(uuidString: guid) == nil ? nil : guid
    }
}
