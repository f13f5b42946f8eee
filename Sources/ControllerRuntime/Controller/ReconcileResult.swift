/// How a reconciliation that didn't fail wants to go on.
package enum ReconcileResult: Hashable, Sendable {
    /// Nothing to do until something changes.
    case done
    /// Look again after that time, or when something changes, whichever comes first.
    case requeue(after: Duration)
    /// Look again soon: what it rested on has changed. The pauses grow as after failures, so that what goes on changing,
    /// or is never told, costs little.
    case lookAgain
    /// Whoever is in the way adds the key again. What is known of its failures stays.
    case parked
}
