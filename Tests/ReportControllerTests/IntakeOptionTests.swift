import ArgumentParser
import Logging
import ReportController
import Testing

@testable import ReportOperator

/// What messages in Redis may bring, from the command line to the intake.
struct IntakeOptionTests {
    private func intake(_ arguments: String...) throws -> IntakeOptions {
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        // Nothing is connected yet.
        let options = try RunOptions.parse(["--redis-url", "redis://127.0.0.1:1"] + arguments)
        return try #require(try options.stores(logger: logger).redis?.intake)
    }

    @Test func messagesBringNeitherPipelinesNorRecipientsUnlessTheyMay() throws {
        let usual = try intake()
        #expect(!usual.allowsInlinePipelines && !usual.allowsRecipients)
        let pipelines = try intake("--intake-inline-pipelines")
        #expect(pipelines.allowsInlinePipelines && !pipelines.allowsRecipients)
        let recipients = try intake("--intake-recipients")
        #expect(!recipients.allowsInlinePipelines && recipients.allowsRecipients)
    }
}
