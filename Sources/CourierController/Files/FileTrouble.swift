import ReportStores

/// Why there is no file of a report.
package enum FileTrouble: Error, Sendable, CustomStringConvertible {
    /// Will not change by trying again: the report, or what it published, has none.
    case permanent(String)
    /// May pass: who asks again may get it.
    case transient(String)
    /// There is no room for it on the courier's disk until others are sent.
    case noRoom(String)

    package var description: String {
        switch self {
        case .permanent(let text), .transient(let text), .noRoom(let text): text
        }
    }

    init(_ error: any Error) {
        switch error {
        case let trouble as FileTrouble: self = trouble
        case let fault as RenderFault where fault.isPermanent: self = .permanent("\(fault)")
        case let full as FileShelf.Full: self = .noRoom("\(full)")
        case let trouble as StoreTrouble: self = .transient("\(trouble)")
        default: self = .transient("\(error)")
        }
    }
}
