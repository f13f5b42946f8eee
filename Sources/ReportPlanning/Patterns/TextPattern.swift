/// A regular expression that costs no more than its length times that of the text, whatever both say: it is run as a set of
/// states, as RE2 does, and never tries one way after the other.
///
/// What it knows means the same in JavaScript, where the same pattern is in a JSON Schema: letters, `.`, classes, groups,
/// `|`, `*`, `+`, `?`, `{2,5}`, `^`, `$`, `\d`, `\w`, `\s`, `\x41`. It looks for a match anywhere; `^` and `$` bind it to
/// the ends.
///
/// For example:
///
///     try TextPattern("^[A-Z]{2}[0-9]{4}$").matches("AB1234")     // true
package struct TextPattern: Sendable {
    /// What is wrong with a pattern, in a sentence.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    package static let maximumBytes = 256
    /// Of the program that it becomes.
    package static let maximumSteps = 256
    /// Of one that we wrote ourselves, such as those of the resources' schemas.
    package static let maximumTrustedSteps = 4096
    /// Bytes of a text that is held against one; longer ones don't match.
    package static let maximumTextBytes = 1024

    private let steps: [PatternStep]

    /// `maximumSteps`: of the program that it becomes, whose length is what a match costs for each character.
    package init(_ text: String, maximumSteps: Int = TextPattern.maximumSteps) throws(Fault) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw Fault(description: "is \(text.utf8.count) bytes long; at most \(Self.maximumBytes) are allowed")
        }
        var parser = PatternParser(text)
        steps = try PatternStep.program(for: try parser.pattern(), maximumSteps: maximumSteps)
    }

    package func matches(_ text: String) -> Bool {
        guard text.utf8.count <= Self.maximumTextBytes else { return false }
        var run = Run(steps)
        for scalar in text.unicodeScalars {
            if run.enter(0, isAtStart: run.isAtStart, isAtEnd: false) { return true }
            run.advance(over: scalar.value)
            if run.hasMatched { return true }
        }
        run.finish()
        return run.hasMatched
    }

    /// The states that a pattern may be in, after some of a text.
    private struct Run {
        let steps: [PatternStep]
        private(set) var isAtStart = true
        private(set) var hasMatched = false
        private var current: [Int] = []
        private var next: [Int] = []
        /// In which round a step was entered last, so that each is entered once.
        private var entered: [Int]
        private var round = 1
        private var pending: [Int] = []

        init(_ steps: [PatternStep]) {
            self.steps = steps
            entered = Array(repeating: 0, count: steps.count)
        }

        /// Follows what needs no scalar, from `first` on. The states that do need one are noted as the current ones.
        ///
        /// - Returns: whether the pattern is through.
        @discardableResult
        mutating func enter(_ first: Int, isAtStart: Bool, isAtEnd: Bool) -> Bool {
            pending.append(first)
            while let place = pending.popLast() {
                guard entered[place] != round else { continue }
                entered[place] = round
                switch steps[place] {
                case .scalar: current.append(place)
                case .start: if isAtStart { pending.append(place + 1) }
                // Whether it is the end is known after the last scalar: until then it is waited for.
                case .end: if isAtEnd { pending.append(place + 1) } else { current.append(place) }
                case .either(let one, let other): pending += [other, one]
                case .jump(let target): pending.append(target)
                case .match: hasMatched = true
                }
            }
            return hasMatched
        }

        mutating func advance(over scalar: UInt32) {
            next.removeAll(keepingCapacity: true)
            for place in current {
                if case .scalar(let set) = steps[place], set.contains(scalar) { next.append(place + 1) }
            }
            isAtStart = false
            startRound()
            for place in next { enter(place, isAtStart: false, isAtEnd: false) }
        }

        /// The text is over: what waited for its end goes on.
        mutating func finish() {
            enter(0, isAtStart: isAtStart, isAtEnd: true)
            let waiting = current.filter { if case .end = steps[$0] { true } else { false } }
            startRound()
            for place in waiting { enter(place, isAtStart: isAtStart, isAtEnd: true) }
        }

        private mutating func startRound() {
            round += 1
            current.removeAll(keepingCapacity: true)
        }
    }
}
