internal import Synchronization

/// Answers that are kept for a while. Callers that ask the same at the same time share one answer.
final class Remembered<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
    fileprivate enum Entry {
        case known(Answer, until: ContinuousClock.Instant)
        case asked(Task<Answer, any Error>)
    }

    private struct Kept {
        var entries: [Question: Entry] = [:]
        /// What is known, the oldest at `first`.
        var order: [(question: Question, until: ContinuousClock.Instant)] = []
        var first = 0

        mutating func keep(_ answer: Answer, of question: Question, until: ContinuousClock.Instant) {
            entries[question] = .known(answer, until: until)
            order.append((question, until))
        }

        /// What is too old, and the oldest where there are too many.
        mutating func forget(at now: ContinuousClock.Instant, capacity: Int) {
            while first < order.count, order[first].until <= now || order.count - first > capacity {
                let old = order[first]
                first += 1
                // What was asked again since has a later place too.
                guard case .known(_, old.until) = entries[old.question] else { continue }
                entries[old.question] = nil
            }
            guard first > order.count / 2 else { return }
            order.removeFirst(first)
            first = 0
        }
    }

    private enum Next {
        case known(Answer)
        case wait(Task<Answer, any Error>)
    }

    private let duration: Duration
    private let capacity: Int
    private let kept = Mutex(Kept())

    /// `capacity`: how many are kept; where there are more, the oldest go.
    init(for duration: Duration, capacity: Int) {
        self.duration = duration
        self.capacity = capacity
    }

    func value(_ question: Question, _ ask: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
        let next: Next = kept.withLock { kept in
            switch kept.entries[question] {
            case .known(let answer, let until) where until > .now: return .known(answer)
            case .asked(let task): return .wait(task)
            case .known, nil: break
            }
            let task = Task { try await ask() }
            kept.entries[question] = .asked(task)
            return .wait(task)
        }
        switch next {
        case .known(let answer): return answer
        case .wait(let task):
            let result = await task.result
            settle(question, task, result)
            return try result.get()
        }
    }

    /// What is remembered; nil where nothing is.
    func remembered(_ question: Question) -> Answer? {
        kept.withLock { kept in
            guard case .known(let answer, let until) = kept.entries[question], until > .now else { return nil }
            return answer
        }
    }

    /// What somebody else has asked again meanwhile stays.
    private func settle(_ question: Question, _ task: Task<Answer, any Error>, _ result: Result<Answer, any Error>) {
        kept.withLock { kept in
            guard case .asked(let asked) = kept.entries[question], asked == task else { return }
            guard case .success(let answer) = result else {
                kept.entries[question] = nil
                return
            }
            let now = ContinuousClock.now
            kept.keep(answer, of: question, until: now + duration)
            kept.forget(at: now, capacity: capacity)
        }
    }
}
