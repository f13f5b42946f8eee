import KubernetesModel
import Testing

struct NameFormTests {
    /// Against the regular expressions that Kubernetes defines them by (apimachinery, validation.go).
    @Test func formsAreKubernetes() {
        let pieces = ["", "0", "ab", "-", ".", "A", "_", "é", " ", "\n"]
        var texts = pieces
        for _ in 0..<3 { texts = Array(Set(texts + texts.prefix(200).flatMap { text in pieces.map { text + $0 } })) }
        let long = [63, 64, 253, 254].map { String(repeating: "a", count: $0) }
        let labels = (0..<63).map { _ in "abc." }.joined()
        var counts = [0, 0]
        for text in texts + long + [labels + "a", labels + "ab", long[0] + ".a"] {
            let expected = [
                text.utf8.count <= 63 && text.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?/) != nil,
                text.utf8.count <= 253
                    && text.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/) != nil,
            ]
            #expect([NameForm.isLabel(text), NameForm.isSubdomain(text)] == expected, "\(text.debugDescription)")
            for index in counts.indices where expected[index] { counts[index] += 1 }
        }
        // The texts are of use only while some of each form are among them.
        #expect(counts.allSatisfy { $0 > 3 } && counts[0] < counts[1], "\(counts)")
    }
}
