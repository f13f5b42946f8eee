/// An error that retrying can't fix: the key isn't queued again until something about it changes.
package struct TerminalError: Error, CustomStringConvertible {
    package let underlying: any Error

    package init(_ underlying: any Error) {
        self.underlying = underlying
    }

    package var description: String { "\(underlying)" }
}
