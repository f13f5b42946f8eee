import Foundation
import ProgramSupport
import Testing

/// A PDF on the disk, and what programs of others say of it. It goes with the last who holds it.
final class PDFFile {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pdf")
    var path: String { url.path }

    deinit { try? FileManager.default.removeItem(at: url) }

    var bytes: Data { get throws { try Data(contentsOf: url) } }

    /// Throws where qpdf finds anything to say against the file's structure.
    func check() throws { _ = try Self.run("qpdf", "--check", path) }

    /// The text of all pages, a line for each line; nil: in the order in which it was drawn.
    func text(isLayout: Bool = true) throws -> String {
        try Self.run("pdftotext", isLayout ? "-layout" : "-raw", "-enc", "UTF-8", path, "-")
    }

    var pages: [String] {
        get throws {
            try text().split(separator: "\u{C}", omittingEmptySubsequences: false).dropLast().map(String.init)
        }
    }

    /// The cells of each line, which stand apart by at least two spaces.
    static func cells(_ text: String) -> [[String]] {
        text.split(whereSeparator: \.isNewline).map { line in
            line.replacing(/[ ]{2,}/, with: "\t").split(separator: "\t").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// What `pdfinfo` says, by its names.
    var info: [String: String] {
        get throws {
            let lines = try Self.run("pdfinfo", "-isodates", path).split(separator: "\n")
            return Dictionary(
                lines.compactMap { line in
                    guard let colon = line.firstIndex(of: ":") else { return nil }
                    let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                    return (String(line[..<colon]), value)
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Name, and whether it is embedded and has a way back to Unicode.
    var fonts: [(name: String, isWhole: Bool)] {
        get throws {
            try Self.run("pdffonts", path).split(separator: "\n").dropFirst(2).map { line in
                (String(line.prefix { $0 != " " }), line.contains("yes yes yes"))
            }
        }
    }

    /// The drawing commands, as text.
    var commands: String {
        get throws {
            String(
                decoding: try Self.output("qpdf", "--qdf", "--object-streams=disable", path, "-"),
                as: Unicode.ASCII.self)
        }
    }

    private static func run(_ command: String...) throws -> String {
        String(decoding: try output(command), as: UTF8.self)
    }

    private static func output(_ command: String...) throws -> Data { try output(command) }

    private static func output(_ command: [String]) throws -> Data {
        try ChildProgram.output(of: command)
    }
}
