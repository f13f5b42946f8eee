/// A provider that can't be asked, or says what nothing can be done with; it may pass.
package struct ProviderTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence without a full stop, for logs: which address, and what was wrong.
    package let description: String

    package init(_ description: String) { self.description = description }
}
