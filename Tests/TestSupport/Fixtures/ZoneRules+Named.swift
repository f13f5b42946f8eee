package import Calendars
package import Foundation
import ZoneFiles

extension ZoneRules {
    /// The zone as this machine's zone database has it.
    package static func named(_ name: String) throws -> ZoneRules { try ZoneFiles().rules(name) }

    package static func file(_ name: String) -> URL { URL(filePath: "/usr/share/zoneinfo").appending(path: name) }
}
