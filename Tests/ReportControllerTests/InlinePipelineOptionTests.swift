import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportController
import ReportPlanning
import Testing

@testable import ReportOperator

/// `--inline-pipelines`, from the command line to the controller.
struct InlinePipelineOptionTests {
    private func options(_ arguments: String...) throws -> ReportController.Options {
        try RunOptions.parse(arguments).controllerOptions(ClientConfiguration(server: "https://127.0.0.1:1"))
    }

    @Test func theControllerGetsTheRuleThatIsGiven() throws {
        #expect(try options().inlinePipelines == .allowed)
        #expect(try options("--inline-pipelines", "Allowed").inlinePipelines == .allowed)
        #expect(try options("--inline-pipelines", "Forbidden").inlinePipelines == .forbidden)
        let selector = try LabelSelector("tier in (core,trusted)")
        #expect(try options("--inline-pipelines", "tier in (core,trusted)").inlinePipelines == .labelled(selector))
    }

    @Test func whatSelectsNoNamespacesIsRefused() {
        #expect(throws: (any Error).self) { try options("--inline-pipelines", "forbidden") }
        #expect(throws: (any Error).self) { try options("--inline-pipelines", "team=finance", "--namespace", "plant") }
    }
}
