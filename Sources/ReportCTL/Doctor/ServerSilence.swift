import ReportClient

/// A server outside the cluster that doesn't answer. Whether that is a fault depends on whose address it was asked by.
struct ServerSilence: Sendable {
    let server: OutsideServer
    /// By an option or the environment. Otherwise it is the operator's, which perhaps only pods can reach.
    let isAddressGiven: Bool
    /// Whether requests tell that the operator can't reach it either.
    let isMissedByOperator: Bool

    func finding(_ text: String, mend: String) -> Finding {
        if isAddressGiven { return .failure(server.name, text, mend: mend) }
        guard isMissedByOperator else { return .warning(server.name, text, mend: mend) }
        return .failure(
            server.name, text,
            mend:
                "the operator can't reach it either: see that it runs, and what address the Secret \(server.secret) has"
        )
    }

    /// For an address that can't be read at all, which tells nothing of the server.
    func findingWithoutAddress(_ trouble: Trouble) -> Finding {
        let mend = trouble.advice.first ?? "check the address"
        return isAddressGiven
            ? .failure(server.name, trouble.message, mend: mend) : .warning(server.name, trouble.message, mend: mend)
    }
}
