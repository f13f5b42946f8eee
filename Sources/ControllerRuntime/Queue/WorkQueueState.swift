/// What a work queue knows and its rules, without a lock, a clock or a task.
///
/// A key waits once however often it is added; it is given to one worker at a time; what is added while a worker has it
/// waits again when that worker is done.
struct WorkQueueState<Key: Hashable & Sendable>: Sendable {
    /// Keys in the order they wait; those before `head` are gone.
    private var line: [Key] = []
    private var head = 0
    /// Keys that somebody has to look at, with the time since when: those in the line, and those that were added while a
    /// worker had them.
    private var dirty: [Key: Duration] = [:]
    /// Keys that a worker has, with the time since when.
    private var processing: [Key: Duration] = [:]
    private var delayed = DelayedKeys<Key>()
    private var failures: [Key: Int] = [:]

    struct Handout: Sendable {
        var key: Key
        /// How long the key waited.
        var waited: Duration
    }

    /// How many keys wait for a worker.
    var depth: Int { line.count - head }

    /// When the next delayed key becomes due.
    var nextDue: Duration? { delayed.nextDue }

    /// - Returns: whether the key is new among those that have to be looked at.
    @discardableResult
    mutating func add(_ key: Key, now: Duration) -> Bool {
        guard dirty[key] == nil else { return false }
        dirty[key] = now
        if processing[key] == nil { line.append(key) }
        return true
    }

    mutating func add(_ key: Key, due: Duration) {
        delayed.insert(key, due: due)
    }

    /// Moves the delayed keys that have become due into the line.
    ///
    /// - Returns: how many of them weren't waiting yet.
    mutating func promote(now: Duration) -> Int {
        var promoted = 0
        while let key = delayed.popDue(now: now) {
            if add(key, now: now) { promoted += 1 }
        }
        return promoted
    }

    mutating func next(now: Duration) -> Handout? {
        guard head < line.count else { return nil }
        let key = line[head]
        head += 1
        if head == line.count {
            line.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, head * 2 >= line.count {
            line.removeFirst(head)
            head = 0
        }
        let since = dirty.removeValue(forKey: key) ?? now
        processing[key] = now
        return Handout(key: key, waited: now - since)
    }

    /// - Returns: how long the worker had the key; nil when none had it.
    @discardableResult
    mutating func done(_ key: Key, now: Duration) -> Duration? {
        guard let since = processing.removeValue(forKey: key) else { return nil }
        if dirty[key] != nil { line.append(key) }
        return now - since
    }

    /// Counts a failure of the key.
    ///
    /// - Returns: how many there were before.
    mutating func fail(_ key: Key) -> Int {
        let before = failures[key] ?? 0
        failures[key] = before + 1
        return before
    }

    /// Brings forward what waits because it failed, and forgets the failures.
    ///
    /// - Returns: whether there is any.
    mutating func retryFailed(due: () -> Duration) -> Bool {
        for key in failures.keys { delayed.insert(key, due: due()) }
        defer { failures = [:] }
        return !failures.isEmpty
    }

    mutating func forget(_ key: Key) {
        failures[key] = nil
    }

    func failures(of key: Key) -> Int { failures[key] ?? 0 }

    /// How long the workers have had what they have now: all together, and the longest of them.
    func unfinished(now: Duration) -> (sum: Duration, longest: Duration) {
        processing.values.reduce(into: (.zero, .zero)) { result, since in
            result.sum += now - since
            result.longest = max(result.longest, now - since)
        }
    }
}
