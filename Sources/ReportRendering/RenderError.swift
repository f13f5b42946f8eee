/// Why a file could not be made.
package struct RenderError: Error, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// The disk is full, or the place can't be written.
        case cannotWrite
        /// The rows can't be read, or are not what was published.
        case rows
        /// A library refused something.
        case library
    }

    package let kind: Kind
    /// For a person: what happened.
    package let detail: String

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    package var description: String {
        switch kind {
        case .cannotWrite: "can't write the file: \(detail)"
        case .rows: "can't read the rows: \(detail)"
        case .library: detail
        }
    }
}
