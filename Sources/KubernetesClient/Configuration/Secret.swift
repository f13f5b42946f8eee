/// Text that must not be seen: printing it, dumping it or putting it in a message shows a placeholder.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for a header and nothing else.
    package let value: String

    package init(_ value: String) {
        self.value = value
    }

    package var description: String { "<secret>" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
