/// How a reconciliation that didn't fail wants to go on.
package enum ReconcileResult: Hashable, Sendable {
    /// Nothing to do until something changes.
    case done
    /// Look again after that time, or when something changes, whichever comes first.
    case requeue(after: Duration)
}
