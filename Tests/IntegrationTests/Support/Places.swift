/// Lets a limited number through at a time: on a small machine a hundred namespaces at once only make each other late.
actor Places {
    static let forBeds = Places(8)

    private var free: Int
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiters.append($0) }
    }

    func leave() {
        guard waiters.isEmpty else { return waiters.removeFirst().resume() }
        free += 1
    }
}
