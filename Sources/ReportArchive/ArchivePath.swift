package import BSON

/// Names of an archive's files: of few signs, so that none leads out of the archive or means another file elsewhere.
package enum ArchivePath {
    package static let manifest = "manifest.txt"
    /// What an export has written so far. It takes the manifest's place at the end.
    package static let journal = "manifest.next.txt"
    /// The manifest that takes the old one's place, while it is written.
    package static let newManifest = "manifest.new.txt"

    /// The folder of a report: its namespace and the month in which it was asked for.
    package static func folder(of record: BSONDocument) -> String? {
        let namespace = record["namespace"]?.string ?? ""
        guard let bucket = name(namespace) else { return nil }
        guard case .date(let milliseconds) = record["createdAt"],
            let moment = MomentText.text(milliseconds: milliseconds)
        else { return "\(bucket)/undated" }
        return "\(bucket)/\(moment.prefix(7))"
    }

    /// A text as the name of a file: what isn't a small letter, a digit or a dash is written as its bytes. Nil where that
    /// is too long.
    package static func name(_ text: String) -> String? {
        var name: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                name.append(byte)
            } else {
                name.append(UInt8(ascii: "_"))
                Hexadecimal.append(CollectionOfOne(byte), to: &name)
            }
        }
        guard name.count <= 180 else { return nil }
        return name.isEmpty ? "_" : String(decoding: name, as: UTF8.self)
    }

    /// What files are called that are encrypted: as age does.
    private static let seal = ".age"

    package static func isSealed(_ path: String) -> Bool { path.hasSuffix(seal) }

    /// What a file is called before it is encrypted, and in its report's text.
    package static func opened(_ path: String) -> String {
        isSealed(path) ? String(path.dropLast(seal.count)) : path
    }

    /// The text of a report as the export of that number has written it.
    package static func report(
        _ id: String, in folder: String, export: Int, run: String = "", isSealed: Bool
    ) -> String? {
        name(id).map { "\(folder)/\($0)\(suffix(export, run)).txt\(isSealed ? seal : "")" }
    }

    /// A file of a report, from 1 on.
    package static func file(
        _ number: Int, format: String?, of id: String, in folder: String, export: Int, run: String = "",
        isSealed: Bool
    ) -> String? {
        let isSuffix = format.map { (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(isPlain) } ?? false
        // One of that name would be taken for encrypted.
        let ending = isSuffix && format != "age" ? format ?? "" : "bin"
        return name(id).map {
            "\(folder)/\($0)\(suffix(export, run)).file-\(number).\(ending)\(isSealed ? seal : "")"
        }
    }

    /// What was written again is beside what was there, until the manifest names it. `run`: tells it from what somebody
    /// else writes at the same time; empty where nobody can.
    private static func suffix(_ export: Int, _ run: String) -> String {
        run.isEmpty ? (export == 1 ? "" : ".\(export)") : ".\(export)-\(run)"
    }

    /// Whether it is a path that an archive may name: a namespace, a month, a file.
    package static func isSafe(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && path.utf8.count <= 600
            && parts.allSatisfy { part in
                guard let first = part.utf8.first, first != UInt8(ascii: ".") else { return false }
                return part.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
            }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"): true
        default: false
        }
    }
}
