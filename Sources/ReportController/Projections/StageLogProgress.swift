import KubernetesModel

/// How far the pods have come whose logs are kept: what has to be read yet, and what once more. Nothing of their text is in it.
struct StageLogProgress: Sendable {
    /// A log that is kept and may have grown since.
    struct Kept: Sendable {
        /// It leaves the cache when its run is over.
        var pod: Pod
        var end: PodLog.End
        /// How often it was read.
        var reads: Int
    }

    /// A pod whose log is not read yet, or not for the last time.
    struct Open: Sendable {
        /// Whether it prints no more, as far as was told.
        var hasEnded = false
        /// How often in a row it couldn't be read or kept.
        var failures = 0
        /// Before that, by the keeper's clock, it isn't looked at again.
        var notBefore = Duration.zero
        var kept: Kept?
    }

    enum Step: Sendable {
        case open(Open)
        /// It needs no more looking after.
        case settled
    }

    private var steps: [OwnerKey: [String: Step]] = [:]

    func step(of pod: Pod, of request: OwnerKey) -> Step { steps[request]?[pod.metadata.uid] ?? .open(Open()) }

    /// A pod has something to read.
    ///
    /// - Returns: whether it has to be looked at.
    mutating func note(_ pod: Pod, of request: OwnerKey, hasEnded: Bool) -> Bool {
        guard case .open = step(of: pod, of: request) else { return false }
        change(pod, of: request) { $0.hasEnded = $0.hasEnded || hasEnded }
        return true
    }

    /// From now on it is known that it has to be read. Does nothing to one that is settled.
    mutating func change(_ pod: Pod, of request: OwnerKey, _ body: (inout Open) -> Void) {
        guard case .open(var open) = step(of: pod, of: request) else { return }
        body(&open)
        steps[request, default: [:]][pod.metadata.uid] = .open(open)
    }

    mutating func settle(_ pod: Pod, of request: OwnerKey) {
        steps[request, default: [:]][pod.metadata.uid] = .settled
    }

    /// Whether its log has to be read for the first time.
    func isUnread(_ pod: Pod, of request: OwnerKey) -> Bool {
        if case .open(let open) = step(of: pod, of: request) { open.kept == nil } else { false }
    }

    /// Whether it was told that it prints no more.
    func hasEnded(_ pod: Pod, of request: OwnerKey) -> Bool {
        if case .open(let open) = step(of: pod, of: request) { open.hasEnded } else { true }
    }

    /// Those that are to be looked at again.
    func kept(of request: OwnerKey) -> [Pod] {
        steps[request, default: [:]].values.compactMap { if case .open(let open) = $0 { open.kept?.pod } else { nil } }
    }

    /// The uids of pods that were told of and not read, besides those.
    func unread(of request: OwnerKey, besides pods: [Pod]) -> Set<String> {
        let unread = steps[request, default: [:]].filter {
            if case .open(let open) = $0.value { open.kept == nil } else { false }
        }
        return Set(unread.keys).subtracting(pods.map(\.metadata.uid))
    }

    mutating func forget(_ uids: some Sequence<String>, of request: OwnerKey) {
        for uid in uids { steps[request]?[uid] = nil }
        if steps[request]?.isEmpty == true { steps[request] = nil }
    }

    mutating func forget(_ request: OwnerKey) { steps[request] = nil }
}
