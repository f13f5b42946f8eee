import Foundation
import ProgramSupport
import Testing

/// A workbook's file, and what other programs read in it.
struct WorkbookOnDisk {
    let folder: TemporaryFolder
    let path: String

    var bytes: Data { get throws { try Data(contentsOf: URL(filePath: path)) } }

    struct Book: Decodable {
        var sheets: [Sheet]
        var properties: [String: String?]
    }

    struct Sheet: Decodable {
        var name: String
        var cells: [String: Cell]
        /// Outline levels by the row's number, of those that have one.
        var levels: [String: Int]
        var isSummaryBelow: Bool
        var frozen: String?
        var filter: String?
        var printTitles: String?
        var paper: Int
        var orientation: String?
        /// Pages across and down, 0 for any number.
        var fit: [Int]?
        var header: String?
        var footer: [String?]
        var widths: [String: Double]
        var charts: [Chart]

        /// The cells' values from that row on, each row by its columns `A` to that.
        func rows(_ rows: ClosedRange<Int>, to last: Character) -> [[String?]] {
            let columns = "ABCDEFGHIJ".prefix { $0 <= last }
            return rows.map { row in columns.map { cells["\($0)\(row)"]?.value } }
        }
    }

    struct Cell: Decodable, Equatable {
        /// `text`, `number`, `date` or `bool`.
        var kind: String
        var value: String
        var format: String
        var formula: String?
        var isBold: Bool
        var alignment: String?
    }

    struct Chart: Decodable {
        struct Axis: Decodable {
            var range: String
            var points: [String]
        }

        struct Series: Decodable {
            var name: String
            var nameText: String
            var x: Axis?
            var y: Axis
        }

        var type: String
        var title: String?
        var series: [Series]
    }

    /// As openpyxl reads it.
    func read() throws -> Book {
        let script = Self.root.appending(path: "hack/lib/rendering")
        let output = try Self.run(
            script.appending(path: "workbook-python").path, [script.appending(path: "read_workbook.py").path, path])
        return try JSONDecoder().decode(Book.self, from: output)
    }

    /// Each sheet's rows by its name, every formula calculated anew by LibreOffice.
    func calculated() throws -> [String: [String]] {
        let profile = "\(folder.path)/profile"
        try FileManager.default.createDirectory(atPath: "\(profile)/user", withIntermediateDirectories: true)
        try Data(Self.recalculating.utf8).write(to: URL(filePath: "\(profile)/user/registrymodifications.xcu"))
        _ = try Self.run(
            "/usr/bin/soffice",
            [
                "-env:UserInstallation=file://\(profile)", "--headless", "--convert-to",
                "csv:Text - txt - csv (StarCalc):124,34,76,1,,0,false,true,false,false,false,-1", "--outdir",
                folder.path,
                path,
            ])
        var sheets: [String: [String]] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".csv") {
            let text = try String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8)
            sheets[String(file.dropFirst("report-".count).dropLast(".csv".count))] = text.split(
                separator: "\n", omittingEmptySubsequences: false
            ).map(String.init)
        }
        return sheets
    }

    /// LibreOffice takes a workbook's own values otherwise.
    private static let recalculating = """
        <?xml version="1.0" encoding="UTF-8"?>
        <oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" \
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
        <item oor:path="/org.openoffice.Office.Calc/Formula/Load">\
        <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
        """

    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What a program prints that must succeed.
    static func run(_ program: String, _ arguments: [String]) throws -> Data {
        try ChildProgram.output(of: [program] + arguments)
    }
}
