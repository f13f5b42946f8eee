import KubernetesModel

/// Reads a pattern: what JavaScript with its flag `u` and RE2 both know, and mean the same by.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var place = 0

    private static let mostRepetitions = 200

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func pattern() throws(TextPattern.Fault) -> PatternNode {
        let node = try alternatives()
        // Only a bracket that closes nothing ends the outermost alternatives.
        guard place == scalars.count else { throw fault("has a ) that closes nothing", at: place) }
        return node
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    private func fault(_ what: String, at place: Int) -> TextPattern.Fault {
        TextPattern.Fault(description: "\(what) (at character \(place + 1))")
    }

    // MARK: Structure

    private mutating func alternatives() throws(TextPattern.Fault) -> PatternNode {
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence() throws(TextPattern.Fault) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let begin = place
            let atom = try atom()
            guard let (least, most) = try repetition() else {
                parts.append(atom)
                continue
            }
            switch atom {
            case .start, .end: throw fault("repeats ^ or $", at: begin)
            case .scalar, .sequence, .alternatives, .repeated: break
            }
            parts.append(.repeated(atom, least: least, most: most))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom() throws(TextPattern.Fault) -> PatternNode {
        let begin = place
        let scalar = scalars[place]
        place += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .scalar(.any)
        case "(": return try group(from: begin)
        case "[": return .scalar(try scalarClass(from: begin))
        case "\\": return .scalar(try escape(from: begin))
        case "*", "+", "?": throw fault("has a \(scalar) with nothing to repeat", at: begin)
        case "{", "}", "]": throw fault("has a \(scalar) by itself; write \\\(scalar) for it", at: begin)
        default: return .scalar(ScalarSet(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func group(from begin: Int) throws(TextPattern.Fault) -> PatternNode {
        if take("?"), !take(":") {
            throw fault("has a (? group; allowed are ( ) and (?: )", at: begin)
        }
        let inside = try alternatives()
        guard take(")") else { throw fault("has a ( that is not closed", at: begin) }
        // So that what is repeated is the group, not its last part.
        return .sequence([inside])
    }

    // MARK: Repetitions

    private mutating func repetition() throws(TextPattern.Fault) -> (least: Int, most: Int?)? {
        let begin = place
        let bounds: (least: Int, most: Int?)
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if take("{") {
            guard let least = number() else { throw fault("has a { without a number", at: begin) }
            var most: Int? = least
            if take(",") { most = number() }
            guard take("}") else { throw fault("has a { that is not closed", at: begin) }
            guard least <= Self.mostRepetitions, most ?? 0 <= Self.mostRepetitions else {
                throw fault("repeats more than \(Self.mostRepetitions) times", at: begin)
            }
            if let most, most < least { throw fault("has a repetition that ends before it begins", at: begin) }
            bounds = (least, most)
        } else {
            return nil
        }
        // Whether much or little is taken is the same to who asks only whether it matches.
        _ = take("?")
        if let scalar = next, ["*", "+", "?", "{"].contains(scalar) {
            throw fault("has a \(scalar) with nothing to repeat", at: place)
        }
        return bounds
    }

    private mutating func number() -> Int? {
        var number: Int?
        while let scalar = next, ScalarSet.digits.contains(scalar.value) {
            number = min((number ?? 0) * 10 + Int(scalar.value - 0x30), 10_000)
            place += 1
        }
        return number
    }

    // MARK: Scalars

    /// Behind a backslash.
    private mutating func escape(from begin: Int, inClass: Bool = false) throws(TextPattern.Fault) -> ScalarSet {
        guard let scalar = next else { throw fault("ends in a backslash", at: begin) }
        place += 1
        func negated(_ set: ScalarSet) -> ScalarSet { ScalarSet(ranges: set.ranges, isNegated: true) }
        switch scalar {
        case "d": return .digits
        case "D": return negated(.digits)
        case "w": return .words
        case "W": return negated(.words)
        case "s": return .blanks
        case "S": return negated(.blanks)
        case "t": return ScalarSet(ranges: [0x09...0x09])
        case "n": return ScalarSet(ranges: [0x0A...0x0A])
        case "r": return ScalarSet(ranges: [0x0D...0x0D])
        case "x":
            let digits = scalars[place...].prefix(2)
            guard digits.count == 2, let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16),
                digits.allSatisfy({ $0.properties.isASCIIHexDigit })
            else { throw fault("has \\x without two hexadecimal digits", at: begin) }
            place += 2
            return ScalarSet(ranges: [value...value])
        default: break
        }
        guard #"^$\.*+?()[]{}|/"#.unicodeScalars.contains(scalar) || inClass && scalar == "-" else {
            throw fault(
                "has \\\(JSONValue.shortened(String(scalar))), which isn't known; allowed are \\d \\w \\s \\t \\n \\r \\x41 and a "
                    + "backslash before what would mean something else", at: begin)
        }
        return ScalarSet(ranges: [scalar.value...scalar.value])
    }

    private mutating func scalarClass(from begin: Int) throws(TextPattern.Fault) -> ScalarSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while let scalar = next, scalar != "]" {
            let first = try classMember(begin)
            guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                ranges += first.positiveRanges
                continue
            }
            let dash = place
            place += 1
            let last = try classMember(begin)
            guard let low = first.single, let high = last.single, low <= high else {
                throw fault("has a range that is none", at: dash)
            }
            ranges.append(low...high)
        }
        guard take("]") else { throw fault("has a [ that is not closed", at: begin) }
        guard !ranges.isEmpty else { throw fault("has a class of nothing", at: begin) }
        return ScalarSet(ranges: ranges, isNegated: isNegated)
    }

    private mutating func classMember(_ begin: Int) throws(TextPattern.Fault) -> ScalarSet {
        guard let scalar = next else { throw fault("has a [ that is not closed", at: begin) }
        let here = place
        place += 1
        if scalar == "\\" { return try escape(from: here, inClass: true) }
        if scalar == "[" { throw fault("has a [ in a class; write \\[ for it", at: here) }
        return ScalarSet(ranges: [scalar.value...scalar.value])
    }
}

extension ScalarSet {
    /// The one scalar that it has.
    fileprivate var single: UInt32? {
        guard !isNegated, ranges.count == 1, ranges[0].lowerBound == ranges[0].upperBound else { return nil }
        return ranges[0].lowerBound
    }
}
