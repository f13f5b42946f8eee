import Foundation
import ReportPlanning
import Testing

extension ZoneRules {
    /// The zone as this machine's zone database has it.
    static func named(_ name: String) throws -> ZoneRules {
        if name == "UTC" { return .utc }
        return try #require(ZoneRules(file: [UInt8](try Data(contentsOf: file(name)))))
    }

    static func file(_ name: String) -> URL { URL(filePath: "/usr/share/zoneinfo").appending(path: name) }
}
