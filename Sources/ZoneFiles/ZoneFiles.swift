package import Calendars
import FoundationEssentials
import Synchronization

/// The zones of this machine's zone database, each read once.
///
/// By hand, since Foundation's zones need ICU, which would be most of the operator's memory.
package final class ZoneFiles: Sendable {
    /// Why there is no such zone, for people.
    package struct Unknown: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private let directory: String
    private let known = Mutex<[String: ZoneRules]>([:])

    package init(directory: String = "/usr/share/zoneinfo") {
        self.directory = directory
    }

    /// The rules of a zone such as `Europe/Berlin`.
    package func rules(_ name: String) throws(Unknown) -> ZoneRules {
        if name == "UTC" { return .utc }
        if let rules = known.withLock({ $0[name] }) { return rules }
        guard Self.isName(name) else { throw Unknown(description: "\"\(name)\" is not a time zone") }
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
            let hint =
                FileManager.default.fileExists(atPath: "\(directory)/UTC")
                ? "is unknown" : "is unknown: there is no zone database in \(directory)"
            throw Unknown(description: "the zone \"\(name)\" \(hint)")
        }
        guard let rules = ZoneRules(file: [UInt8](data)) else {
            throw Unknown(description: "\"\(name)\" is not a time zone")
        }
        known.withLock { $0[name] = rules }
        return rules
    }

    /// Why there is no such zone; nil where there is, or where none is named.
    package func fault(of name: String?) -> String? {
        guard let name else { return nil }
        do throws(Unknown) {
            _ = try rules(name)
            return nil
        } catch {
            return error.description
        }
    }

    /// No path that leads elsewhere, and not this machine's own zone.
    private static func isName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return name.utf8.count <= 64 && name.lowercased() != "local" && name != "localtime"
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"),
                            UInt8(ascii: "-"):
                            true
                        default: false
                        }
                    }
            }
    }
}
