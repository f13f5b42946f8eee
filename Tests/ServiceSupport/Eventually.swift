package struct Late: Error, CustomStringConvertible {
    package let description: String
}

/// Waits until a condition holds; looks again every few milliseconds, and gives up at the deadline.
package func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw Late(description: "not in time: \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
