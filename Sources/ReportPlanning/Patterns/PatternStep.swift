/// One step of a pattern as it is run.
enum PatternStep: Sendable {
    case scalar(ScalarSet)
    case start
    case end
    /// Goes on at both.
    case either(Int, Int)
    case jump(Int)
    case match

    /// `maximumSteps`: what is repeated is there as often as it may occur.
    static func program(for node: PatternNode, maximumSteps: Int) throws(TextPattern.Fault) -> [PatternStep] {
        guard node.size < maximumSteps else {
            throw TextPattern.Fault(
                description: "is too large once its repetitions are written out; repeat less, or bound less exactly")
        }
        var steps: [PatternStep] = []
        node.append(to: &steps)
        steps.append(.match)
        return steps
    }
}

/// Scalars that a place of a pattern takes.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    func contains(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }

    static let digits = ScalarSet(ranges: [0x30...0x39])
    static let words = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let blanks = ScalarSet(ranges: [0x09...0x0D, 0x20...0x20])
    /// All but the ends of lines.
    static let any = ScalarSet(ranges: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], isNegated: true)

    /// The same without a negation.
    var positiveRanges: [ClosedRange<UInt32>] {
        guard isNegated else { return ranges }
        var free: [ClosedRange<UInt32>] = []
        var first: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > first { free.append(first...(range.lowerBound - 1)) }
            first = max(first, range.upperBound + 1)
        }
        return free + [first...0x10FFFF]
    }
}

/// A part of a pattern as it is read.
indirect enum PatternNode: Sendable {
    case scalar(ScalarSet)
    case start
    case end
    case sequence([PatternNode])
    case alternatives([PatternNode])
    case repeated(PatternNode, least: Int, most: Int?)

    /// How many steps it becomes, at most `TextPattern.maximumTrustedSteps`.
    var size: Int {
        let size: Int
        switch self {
        case .scalar, .start, .end: size = 1
        case .sequence(let parts): size = parts.reduce(0) { min($0 + $1.size, TextPattern.maximumTrustedSteps) }
        case .alternatives(let parts): size = parts.reduce(0) { min($0 + $1.size + 2, TextPattern.maximumTrustedSteps) }
        case .repeated(let part, let least, let most): size = (part.size + 2) * max(1, most ?? least + 1)
        }
        return min(size, TextPattern.maximumTrustedSteps)
    }

    func append(to steps: inout [PatternStep]) {
        switch self {
        case .scalar(let set): steps.append(.scalar(set))
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .sequence(let parts): for part in parts { part.append(to: &steps) }
        case .alternatives(let parts):
            var jumps: [Int] = []
            for part in parts.dropLast() {
                let fork = steps.count
                steps.append(.jump(0))
                part.append(to: &steps)
                jumps.append(steps.count)
                steps.append(.jump(0))
                steps[fork] = .either(fork + 1, steps.count)
            }
            parts.last?.append(to: &steps)
            for jump in jumps { steps[jump] = .jump(steps.count) }
        case .repeated(let part, let least, let most):
            for _ in 0..<least { part.append(to: &steps) }
            guard let most else {
                let fork = steps.count
                steps.append(.jump(0))
                part.append(to: &steps)
                steps.append(.jump(fork))
                steps[fork] = .either(fork + 1, steps.count)
                return
            }
            var forks: [Int] = []
            for _ in least..<max(least, most) {
                forks.append(steps.count)
                steps.append(.jump(0))
                part.append(to: &steps)
            }
            for fork in forks { steps[fork] = .either(fork + 1, steps.count) }
        }
    }
}
