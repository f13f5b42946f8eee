import ReportStores

/// Why there is no file of a report.
package enum FileTrouble: Error, Sendable, CustomStringConvertible {
    /// Will not change by trying again: the report, or what it published, has none.
    case permanent(String)
    /// Tried again.
    case transient(String)

    package var isPermanent: Bool {
        switch self {
        case .permanent: true
        case .transient: false
        }
    }

    package var description: String {
        switch self {
        case .permanent(let text), .transient(let text): text
        }
    }

    init(_ error: any Error) {
        switch error {
        case let trouble as FileTrouble: self = trouble
        case let fault as RenderFault where fault.isPermanent: self = .permanent("\(fault)")
        case let trouble as StoreTrouble: self = .transient("\(trouble)")
        default: self = .transient("\(error)")
        }
    }
}
