/// A part of an object with a path of its own.
package enum Subresource: String, Hashable, Sendable {
    case status
    case scale
    case log
}
