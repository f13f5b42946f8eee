/// A condition that didn't come true in time.
package struct DeadlineExceeded: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Waits until a condition holds, where nothing tells when it does: looks again and again, and gives up at the deadline.
/// `what` is said then, of the state as it is at that time; `interval` is longer where a look costs a process.
package func eventually(
    _ what: @autoclosure () -> String, within limit: Duration = .seconds(60),
    every interval: Duration = .milliseconds(5),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw DeadlineExceeded(description: "not in time: \(what())") }
        try await Task.sleep(for: interval)
    }
}
