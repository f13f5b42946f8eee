internal import Synchronization

/// Answers that are kept for a while. Who asks while somebody else does waits for her answer.
final class Remembered<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
    fileprivate enum Entry {
        case known(Answer, until: ContinuousClock.Instant)
        case asked(Task<Answer, any Error>)

        var isFresh: Bool {
            switch self {
            case .known(_, let until): until > .now
            case .asked: true
            }
        }
    }

    private enum Next {
        case known(Answer)
        case wait(Task<Answer, any Error>)
    }

    private let duration: Duration
    private let capacity: Int
    private let entries = Mutex<[Question: Entry]>([:])

    /// `capacity`: how many are kept; when there are more, those that are too old go, and then all.
    init(for duration: Duration, capacity: Int) {
        self.duration = duration
        self.capacity = capacity
    }

    func value(_ question: Question, _ ask: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
        let next: Next = entries.withLock { entries in
            switch entries[question] {
            case .known(let answer, let until) where until > .now: return .known(answer)
            case .asked(let task): return .wait(task)
            case .known, nil: break
            }
            let task = Task { try await ask() }
            entries[question] = .asked(task)
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
        entries.withLock { entries in
            guard case .known(let answer, let until) = entries[question], until > .now else { return nil }
            return answer
        }
    }

    /// What somebody else has asked again meanwhile stays.
    private func settle(_ question: Question, _ task: Task<Answer, any Error>, _ result: Result<Answer, any Error>) {
        entries.withLock { entries in
            guard case .asked(let asked) = entries[question], asked == task else { return }
            guard case .success(let answer) = result else {
                entries[question] = nil
                return
            }
            if entries.count >= capacity { entries = entries.filter { $0.value.isFresh } }
            if entries.count >= capacity { entries.removeAll() }
            entries[question] = .known(answer, until: .now + duration)
        }
    }
}
