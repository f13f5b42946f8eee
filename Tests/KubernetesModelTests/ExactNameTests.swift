import KubernetesModel
import Testing

struct ExactNameTests {
    @Test(arguments: [
        ("Domäne", "Doma\u{308}ne"), ("\u{212A}ate", "Kate"), ("a\u{37E}b", "a;b"), ("한", "\u{1112}\u{1161}\u{11AB}"),
    ])
    func namesThatOnlyLookAlikeAreTwo(one: String, other: String) {
        #expect(one == other)
        #expect(ExactName(one) != ExactName(other))
        #expect(Set([ExactName(one), ExactName(other)]).count == 2)
        #expect([ExactName(one): 1][ExactName(other)] == nil)
        #expect(ExactName(one) == ExactName(String(decoding: Array(one.utf8), as: UTF8.self)))
        #expect([ExactName(one): 1][ExactName(String(decoding: Array(one.utf8), as: UTF8.self))] == 1)
    }

    /// What API servers allow as the name of an object or a namespace, and uids, may be compared as they are.
    @Test func namesOfObjectsAreWrittenInOneWay() {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789-."
        for scalar in (0x80...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init) {
            let isAlike = letters.contains(Character(scalar))
            if isAlike { Issue.record("U+\(String(scalar.value, radix: 16))") }
        }
    }
}
