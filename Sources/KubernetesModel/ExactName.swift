// Objects are full of texts that others wrote: what imports this library compares and cuts them by their bytes, too.
@_exported public import TextCuts

/// A name that rights rest on, such as a user's, a group's or a namespace's.
///
/// Two are the same where all of their bytes are, as for Kubernetes. Swift's strings are equal, and have the same hash, where
/// Unicode says that they mean the same: `é` may be one code point or two, and the sign for kelvin is a `K`.
public struct ExactName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }

    public var description: String { text }

    public static func == (left: ExactName, right: ExactName) -> Bool { left.text.isSame(as: right.text) }

    public func hash(into hasher: inout Hasher) {
        let isHashed: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
        // No two names in a row run together.
        hasher.combine(0xFF as UInt8)
    }
}
