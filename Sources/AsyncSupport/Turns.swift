/// So many at once; the others wait, in the order in which they came.
public struct Turns: Sendable {
    // One group's line is in order.
    private let turns: FairTurns

    public init(_ count: Int) { turns = FairTurns(count) }

    /// Returns when it is the caller's turn, who then gives it back; throws where the task is cancelled before.
    public func take() async throws(CancellationError) { try await turns.take(for: "") }

    public func giveBack() { turns.giveBack() }
}
