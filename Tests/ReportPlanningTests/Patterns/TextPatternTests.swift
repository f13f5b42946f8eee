import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// A pattern means what it means elsewhere, and costs no more than its length times that of the text.
struct TextPatternTests {
    @Test(
        arguments: [
            ("", "", true), ("", "x", true), ("a", "xax", true), ("^a$", "a", true), ("^a$", "xa", false),
            ("^a$", "ax", false), ("^$", "", true), ("^$", "a", false), ("$a", "a", false), ("a^", "a", false),
            ("^[A-Z]{2}[0-9]{4}$", "AB1234", true), ("^[A-Z]{2}[0-9]{4}$", "AB123", false),
            ("^[A-Z]{2}[0-9]{4}$", "AB12345", false), ("^[^a-c]+$", "xyz", true), ("^[^a-c]+$", "xbz", false),
            ("^(a|bc)*d$", "abcad", true), ("^(a|bc)*d$", "abad", false), ("^(?:ab){2,3}$", "ab", false),
            ("^(?:ab){2,3}$", "abab", true), ("^(?:ab){2,3}$", "ababab", true), ("^(?:ab){2,3}$", "abababab", false),
            ("^a{2,}$", "a", false), ("^a{2,}$", "aaaa", true), ("^a{0}$", "", true), ("^a??b$", "ab", true),
            (#"^\d+\.\d{2}$"#, "12.50", true), (#"^\d+\.\d{2}$"#, "12x50", false), (#"^\w+$"#, "a_9", true),
            (#"^\w+$"#, "é", false), (#"^[\w-]+$"#, "a-b", true), (#"^\D$"#, "5", false), (#"^[^\d]$"#, "5", false),
            (#"^\S+\s\S+$"#, "a b", true), (#"^[^\x00-\x1f]+$"#, "a\tb", false), ("^.$", "🏭", true),
            ("^.$", "\n", false), ("^é$", "e\u{301}", false),
            ("^[а-я]+$", "отчёт", false), ("^(|a)$", "", true), ("^(|a)$", "a", true), ("^(a*)*$", "aaa", true),
            ("^(a*)*b$", "aaa", false), (#"^[\]]$"#, "]", true), ("a|^b$", "b", true), ("a|^b$", "bb", false),
            ("^(^a$|b)$", "a", true), ("(a$|b)c", "ac", false), ("x$|y", "zy.", true),
        ])
    func itMatches(pattern: String, text: String, matches: Bool) throws {
        #expect(try TextPattern(pattern).matches(text) == matches)
    }

    @Test(
        arguments: [
            ("(", "has a ( that is not closed (at character 1)"),
            ("a)", "has a ) that closes nothing (at character 2)"),
            ("[a", "has a [ that is not closed"), ("[]", "has a class of nothing"),
            ("[z-a]", "has a range that is none"),
            ("*a", "has a * with nothing to repeat"), ("a**", "has a * with nothing to repeat (at character 3)"),
            ("a{2", "has a { that is not closed"), ("a{x}", "has a { without a number"),
            ("a{3,2}", "has a repetition that ends before it begins"), ("a{201}", "repeats more than 200 times"),
            (#"a\1"#, #"has \1, which isn't known"#), (#"\bword"#, #"has \b, which isn't known"#),
            ("(?=a)", "has a (? group; allowed are ( ) and (?: )"), ("(?i)a", "has a (? group"),
            ("(?<n>a)", "has a (? group"),
            ("a\\", "ends in a backslash"), ("}", #"has a } by itself; write \} for it"#), ("^*", "repeats ^ or $"),
            (String(repeating: "a", count: 257), "is 257 bytes long; at most 256 are allowed"),
            ("((a{20}){20}){20}", "is too large once its repetitions are written out"),
            ("(((a{200}){200}){200}){200}", "is too large"),
        ])
    func whatIsNoPatternIsSaid(pattern: String, message: String) {
        let fault = #expect(throws: TextPattern.Fault.self) { try TextPattern(pattern) }
        #expect(fault?.description.hasPrefix(message) == true, "\(fault?.description ?? "")")
    }

    /// Each of these takes a matcher that tries one way after the other longer than the universe is old.
    @Test(
        arguments: [
            "^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(a*)*b$", "^([a-zA-Z]+)*$", "(a?){30}a{30}$",
            "^(([a-z])+.)+[A-Z]([a-z])+$",
            "(x+x+)+y", "^(.*a){20}$",
            String(repeating: "(", count: 127) + "a" + String(repeating: ")*", count: 64)
                + String(repeating: ")", count: 63),
        ])
    func hostilePatternsTakeNoTime(pattern: String) {
        let text = String(repeating: "a", count: TextPattern.maximumTextBytes - 1) + "!"
        let begin = ProcessorTime.ofThisThread
        if let pattern = try? TextPattern(pattern) {
            for _ in 0..<20 { _ = pattern.matches(text) }
        }
        let cost = ProcessorTime.ofThisThread - begin
        #expect(cost < .seconds(5))
    }

    @Test func aTextThatIsTooLongIsNotLookedAt() throws {
        let pattern = try TextPattern("a*")
        #expect(pattern.matches(String(repeating: "a", count: TextPattern.maximumTextBytes)))
        #expect(!pattern.matches(String(repeating: "a", count: TextPattern.maximumTextBytes + 1)))
    }

    /// Random patterns of few letters, held against a matcher that simply tries everything.
    @Test func itAgreesWithASimpleMatcher() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            let tree = Tree.random(depth: 3, &random)
            guard let pattern = try? TextPattern("^(?:\(tree.text))$") else { continue }
            for _ in 0..<6 {
                let text = String((0..<Int(random.next() % 6)).map { _ in random.next() % 2 == 0 ? "a" : "b" })
                let ends = tree.ends(of: Array(text), from: 0)
                #expect(pattern.matches(text) == ends.contains(text.count), "\(tree.text) \(text)")
            }
        }
    }

    private indirect enum Tree {
        case letter(Character)
        case any
        case both(Tree, Tree)
        case either(Tree, Tree)
        case many(Tree, Int, Int?)

        static func random(depth: Int, _ random: inout SeededGenerator) -> Tree {
            switch depth == 0 ? random.next() % 3 : random.next() % 7 {
            case 0: return .letter("a")
            case 1: return .letter("b")
            case 2: return .any
            case 3, 4: return .both(.random(depth: depth - 1, &random), .random(depth: depth - 1, &random))
            case 5: return .either(.random(depth: depth - 1, &random), .random(depth: depth - 1, &random))
            default:
                let least = Int(random.next() % 3)
                let most = random.next() % 2 == 0 ? nil : least + Int(random.next() % 2)
                return .many(.random(depth: depth - 1, &random), least, most)
            }
        }

        var text: String {
            switch self {
            case .letter(let letter): String(letter)
            case .any: "[^c]"
            case .both(let one, let other): one.text + other.text
            case .either(let one, let other): "(\(one.text)|\(other.text))"
            case .many(let part, let least, let most): "(\(part.text)){\(least),\(most.map(String.init) ?? "")}"
            }
        }

        /// Where a match that begins there may end.
        func ends(of text: [Character], from start: Int) -> Set<Int> {
            switch self {
            case .letter(let letter): return start < text.count && text[start] == letter ? [start + 1] : []
            case .any: return start < text.count ? [start + 1] : []
            case .both(let one, let other):
                return one.ends(of: text, from: start).reduce(into: []) { $0.formUnion(other.ends(of: text, from: $1)) }
            case .either(let one, let other):
                return one.ends(of: text, from: start).union(other.ends(of: text, from: start))
            case .many(let part, let least, let most):
                var reached: Set<Int> = [start]
                var all: Set<Int> = least == 0 ? [start] : []
                for count in stride(from: 1, through: most ?? least + text.count + 1, by: 1) {
                    reached = reached.reduce(into: []) { $0.formUnion(part.ends(of: text, from: $1)) }
                    if count >= least { all.formUnion(reached) }
                }
                return all
            }
        }
    }
}
