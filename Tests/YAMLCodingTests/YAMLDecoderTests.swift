import Foundation
import Testing
import YAMLCoding

struct YAMLDecoderTests {
    private func read(_ text: String) throws(YAMLError) -> Value {
        try YAMLDecoder().decode(Value.self, from: text)
    }

    private func failure(_ text: String) -> String { failure(Value.self, text) }

    private func failure<T: Decodable>(_ type: T.Type, _ text: String) -> String {
        do throws(YAMLError) {
            return "none: \(try YAMLDecoder().decode(type, from: text))"
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("yes", Value.bool(true)), ("no", .bool(false)), ("on", .bool(true)), ("OFF", .bool(false)), ("y", .bool(true)),
        ("n", .bool(false)), ("True", .bool(true)), ("tRue", .string("tRue")), ("'yes'", .string("yes")),
        ("\"no\"", .string("no")), ("!!str yes", .string("yes")), ("! 12", .string("12")), ("~", .null), ("", .null),
        ("Null", .null), ("''", .string("")), ("12", .integer(12)), ("-7", .integer(-7)), ("+7", .integer(7)),
        ("0777", .integer(511)), ("0o17", .integer(15)), ("0x1F", .integer(31)), ("0b101", .integer(5)),
        ("1_000", .integer(1000)), ("08", .integer(8)), ("1.5", .number(1.5)), ("1.", .integer(1)),
        (".5", .number(0.5)),
        ("1e3", .integer(1000)), ("-1.5e-3", .number(-0.0015)), (".inf", .number(.infinity)),
        ("-.Inf", .number(-.infinity)), ("9223372036854775808", .number(9223372036854775808)),
        ("!!float 3", .integer(3)), ("100m", .string("100m")), ("1.2.3", .string("1.2.3")), ("12:30", .string("12:30")),
        ("2001-01-01", .string("2001-01-01")), ("1-2", .string("1-2")), ("--1", .string("--1")),
        ("0x", .string("0x")), (".", .string(".")), ("1e", .string("1e")), ("<<", .string("<<")),
        ("nginx:1.27", .string("nginx:1.27")),
    ])
    func scalarsAreReadAsKubectlReadsThem(text: String, expected: Value) throws {
        #expect(try read("a: \(text)") == .object(["a": expected]))
    }

    @Test func blocksKeepOrFoldTheirLines() throws {
        let text = """
            literal: |
              one
                two

              three
            kept: |+
              one

            stripped: |-
              one
            folded: >
              one
              two

              three
            """
        #expect(
            try read(text)
                == .object([
                    "literal": .string("one\n  two\n\nthree\n"), "kept": .string("one\n\n"), "stripped": .string("one"),
                    "folded": .string("one two\nthree"),
                ]))
    }

    @Test func anchorsAliasesAndMergeKeys() throws {
        let text = """
            base: &base {a: 1, b: 2}
            other: &other {b: 3, c: 4}
            alias: *base
            merged: {b: 9, <<: *base}
            many:
              <<: [*base, *other]
              c: 5
            quoted: {"<<": x}
            """
        let base = Value.object(["a": .integer(1), "b": .integer(2)])
        #expect(
            try read(text)
                == .object([
                    "base": base, "other": .object(["b": .integer(3), "c": .integer(4)]), "alias": base,
                    "merged": .object(["a": .integer(1), "b": .integer(9)]),
                    "many": .object(["a": .integer(1), "b": .integer(2), "c": .integer(5)]),
                    "quoted": .object(["<<": .string("x")]),
                ]))
    }

    @Test func keysBecomeTextAsInJSON() throws {
        let found = try read("on: 1\n1: 2\n~: 3\n1.50: 4\na: 5\na: 6")
        #expect(
            found
                == .object([
                    "true": .integer(1), "1": .integer(2), "null": .integer(3), "1.50": .integer(4), "a": .integer(6),
                ]))
    }

    @Test func severalDocumentsAreReadOneByOne() throws {
        let text = Data("---\na: 1\n---\n---\n# nothing\n---\n- 2\n...\n".utf8)
        let found = try YAMLDecoder().decodeAll(Value.self, from: text)
        #expect(found == [.object(["a": .integer(1)]), .array([.integer(2)])])
        #expect(failure("a: 1\n---\nb: 2").hasPrefix("line 3, column 1: a second document"))
        #expect(try YAMLDecoder().decodeAll(Value.self, from: Data()).isEmpty)
        #expect(try YAMLDecoder().decode(Value?.self, from: "") == nil)
    }

    struct Manifest: Decodable, Equatable {
        struct Port: Decodable, Equatable {
            var number: UInt16
            var name: String?
        }

        var kind: String
        var ports: [Port]?
        var labels: [String: String]?
    }

    @Test func typesAreFilled() throws {
        let found = try YAMLDecoder().decode(
            Manifest.self, from: "kind: A\nports:\n- number: 80\n  name: \"80\"\nlabels: {a: 'yes'}\nunknown: x")
        #expect(found == Manifest(kind: "A", ports: [.init(number: 80, name: "80")], labels: ["a": "yes"]))
    }

    @Test(arguments: [
        (
            "kind: A\nports:\n- number: 70000",
            "line 3, column 11: ports[0].number: a number where a whole number of 0...65535"
        ),
        ("kind: A\nports:\n- number: x", "line 3, column 11: ports[0].number: text where a whole number"),
        ("kind: yes", "line 1, column 7: kind: a boolean where text should be; quote it"),
        ("ports: []", "line 1, column 1: the field kind is missing"),
        ("kind: A\nlabels: {a: 1}", "line 2, column 13: labels.a: a number where text should be; quote it"),
        ("kind: A\nports: x", "line 2, column 8: ports: text where a list should be"),
        ("kind: [A]", "line 1, column 7: kind: a list where text should be"),
        ("- kind", "line 1, column 1: a list where an object should be"),
        ("kind: \"A", "line 1, column 9: found unexpected end of stream"),
        ("kind: A\n\tports: x", "line 2, column 1: found "),
        ("kind: *x", "line 1, column 7: unknown anchor x"),
        ("kind: &a [*a]", "line 1, column 11: anchor a contains itself"),
        ("<<: 1", "line 1, column 5: only mappings can be merged"),
        ("[a]: 1", "line 1, column 1: a key must be a scalar"),
        ("kind: !!int x", "line 1, column 7: text where the tag says int"),
    ])
    func mistakesComeWithTheirPlace(text: String, expected: String) {
        let message = failure(Manifest.self, text)
        #expect(message.hasPrefix(expected), "\(message)")
    }

    @Test func bytesThatAreNoTextHaveAPlaceToo() {
        let error = #expect(throws: YAMLError.self) {
            try YAMLDecoder().decode(Value.self, from: Data("a: 1\nb: ".utf8) + [0xff, 0xfe])
        }
        #expect(error?.line == 2 && error?.column == 4)
    }

    @Test func aBombOfAliasesIsRefused() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
        }
        // Without the limit it would not end: there are a hundred million million million nodes.
        #expect(failure(text).contains("more than 1000000 nodes"))
    }

    @Test func depthIsLimitedThroughAliasesToo() {
        #expect(failure(String(repeating: "[", count: 10_000)).contains("nested more than 200 levels"))
        var text = ""
        for level in 0...300 { text += "a\(level): &a\(level) [\(level == 0 ? "x" : "*a\(level - 1)")]\n" }
        #expect(failure(text).contains("nested more than 200 levels"))
    }
}
