import ArgumentParser
import Testing

@testable import ReportCTL

struct CompletionTests {
    /// Which arguments a shell's script asks this program about, as `---completion describe -- positional@0`.
    private func questions(_ shell: CompletionShell) -> Set<String> {
        let script = ReportCTLCommand.completionScript(for: shell)
        return Set(script.matches(of: /---completion [a-z-]+ -- [a-z0-9@-]+/).map { String($0.output) })
    }

    @Test func eachShellAsksForTheSameNames() {
        let bash = questions(.bash)
        #expect(bash.contains("---completion describe -- positional@0"))
        #expect(bash.contains("---completion submit -- --namespace"))
        #expect(bash.contains("---completion history -- positional@0"))
        #expect(questions(.zsh) == bash)
        #expect(questions(.fish) == bash)
    }

    @Test(
        arguments: [
            (["-n", "a"], 9, "a"), (["-na"], 9, "a"), (["--namespace", "a"], 9, "a"), (["--namespace=a"], 9, "a"),
            ([], 9, nil), (["-n"], 9, nil), (["-n", "a", "-n", "b"], 9, "b"),
            // What is being typed means nothing yet.
            (["-n", ""], 1, nil), (["-n", "fin"], 1, nil), (["--namespace=f"], 0, nil),
            (["-n", "a", "-n", ""], 3, "a"),
        ] as [([String], Int, String?)])
    func theNamespaceIsTheOneThatWasTyped(words: [String], index: Int, namespace: String?) {
        #expect(TypedWords(words, completing: index).value(of: "-n", "--namespace") == namespace)
    }
}
