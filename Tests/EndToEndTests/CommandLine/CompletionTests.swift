import ClusterSupport
import Foundation
import ReportAPI
import Testing

/// What shells offer, asked of the shell itself.
@Suite(.needsCluster, .besideOthers)
struct CompletionTests {
    @Test func bashCompletesCommandsOptionsAndNamesOfTheCluster() async throws {
        try await Scene.play { scene in
            try await scene.apply(SubmitTests.books)
            try await scene.apply(Manifest.request("tb-2026-10", stages: Manifest.stage("only", "true")))
            for (words, offered) in [
                (["su"], ["submit"]), (["list", "--ph"], ["--phase"]),
                (["list", "--phase", "Ca"], ["Cancelled", "Cancelling"]),
                (["describe", "-n", scene.namespace, "tb"], ["tb-2026-10"]),
                (["submit", "-n", scene.namespace, ""], ["books"]),
                (["list", "-n", String(scene.namespace.dropLast())], [scene.namespace]),
                (["describe", "-n", "no-such-place", ""], []),
            ] {
                #expect(try await offers(words) == offered, "\(words)")
            }
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func eachShellHasItsScript(shell: String) async throws {
        let script = try await ReportCTL().run("--generate-completion-script", shell)
        #expect(script.status == 0 && script.output.contains("run-now"), "\(script.errors)")
    }

    /// Without what the options of each command have in common, which bash offers where nothing was typed yet.
    private func offers(_ words: [String]) async throws -> [String] {
        let folder = ReportCTL.binary.deletingLastPathComponent().path
        let script = """
            PATH=$1:$PATH; shift
            source <(reportctl --generate-completion-script bash)
            COMP_WORDS=(reportctl "$@") COMP_CWORD=$# COMP_LINE="reportctl $*"
            COMP_POINT=${#COMP_LINE}
            _reportctl reportctl "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let output = try await Command.run(["bash", "-c", script, "bash", folder] + words)
        return output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && (!$0.hasPrefix("-") || words.last?.hasPrefix("-") == true) }.sorted()
    }
}
