import ArgumentParser
import ReportAPI
import Testing

@testable import ReportCTL

/// What is refused before the cluster is asked.
struct UsageTests {
    private func refusal(_ arguments: String...) -> String? {
        do {
            _ = try ReportCTLCommand.parseAsRoot(arguments)
            return nil
        } catch {
            return ReportCTLCommand.fullMessage(for: error)
        }
    }

    @Test func whatARunningCommandRefusesIsShownWithItsOwnUsage() {
        let message = ReportCTLCommand.message(for: ValidationError("--x: no"), of: SubmitCommand.self)
        #expect(
            message == """
                Error: --x: no
                Usage: \(Program.name) submit [<options>] <pipeline>
                  See '\(Program.name) submit --help' for more information.
                """)
        // As the library words what it refuses itself.
        #expect(refusal("submit")?.hasSuffix(message.dropFirst("Error: --x: no\n".count)) == true)
    }

    @Test(arguments: ["Bad_Name", "", "a..b", "a-", "a.-b", "é", String(repeating: "a", count: 254)])
    func aNameThatNoRequestCanHaveIsRefused(name: String) throws {
        let text = try #require(refusal("submit", "books", "--dry-run", "--name", name))
        let fault = name.isEmpty ? "the name of the request is empty" : "\"\(name)\" is not the name of a request"
        #expect(text.contains("Error: --name: \(fault); allowed are"), "\(text)")
        #expect(text.contains("Usage: \(Program.name) submit"), "\(text)")
    }

    /// What an unset variable leaves of a command line, and dots, which would address a whole list.
    @Test(
        arguments: [
            ["describe", ""], ["describe", ".."], ["watch", ""], ["wait", "a", ""], ["logs", ""], ["logs", "a", ""],
            ["cancel", "a", ""],
            ["retry", ""], ["history", ""], ["result", ""], ["pipelines", ""], ["schedules", ""], ["run-now", ""],
            ["submit", ""], ["deliveries", ""], ["resend", ""], ["channels", ""], ["channels", ".."],
            ["resend", "a", "--channel", ""], ["list", "--pipeline", ""], ["list", "--requester", ""],
            ["history", "--name", ""], ["history", "--cluster", ""],
            ["history", "--pipeline", ""], ["history", "--requester", " "], ["queue", "--operator-namespace", ""],
        ])
    func anEmptyNameIsAnInvalidArgument(arguments: [String]) throws {
        let error = try #require(throws: (any Error).self) { try ReportCTLCommand.parseAsRoot(arguments) }
        #expect(ReportCTLCommand.exitCode(for: error) == .validationFailure)
        let text = ReportCTLCommand.fullMessage(for: error)
        #expect(text.contains("empty") || text.contains("is not the name of a"), "\(text)")
        #expect(text.contains("Usage: \(Program.name) \(arguments[0])"), "\(text)")
    }

    @Test(
        arguments: [
            (["--to", "dana"], "--to: \"dana\" is not one plain address such as dana@example.com"),
            (["--format", "pdf,doc"], "--format: \"doc\" is not one of pdf, xlsx, csv, html, json"),
            (["--to", "a@example.com", "--to", "A@example.com"], "--to: \"A@example.com\" is given twice"),
            (["--channel", "My_Mail"], "--channel: \"My_Mail\" is not the name of a channel"),
            (["--subject", "a\nb"], "--subject: \"a b\" has a control character or more than one line"),
            (["--text", "{period"], "--text: \"{period\" is not closed; write {{ for a brace"),
            (["--also-unknown"], "--also-unknown is for --only-missing; give both"),
            (["--courier-namespace", "A"], "--courier-namespace: \"A\" is not the name of a namespace"),
        ])
    func whatNoDeliveryCanBeIsRefusedBeforeTheClusterIsAsked(arguments: [String], message: String) throws {
        let error = try #require(throws: (any Error).self) {
            try ReportCTLCommand.parseAsRoot(["resend", "tb"] + arguments)
        }
        let text = ReportCTLCommand.fullMessage(for: error)
        #expect(text.contains("Error: \(message)"), "\(text)")
        #expect(ReportCTLCommand.exitCode(for: error) == .validationFailure)
    }

    @Test(
        arguments: [
            ("mail", DeliverSpec(channel: "mail")),
            (
                "mail:a@example.com, b@example.com",
                DeliverSpec(channel: "mail", to: ["a@example.com", "b@example.com"])
            ),
        ])
    func aChannelMayBeNamedWithAddresses(text: String, entry: DeliverSpec) throws {
        #expect(try DeliverArgument.entry(text) == entry)
    }

    @Test(
        arguments: [
            (":a@example.com", "--deliver :a@example.com: the name of the channel is empty; write CHANNEL"),
            ("My_Mail", "--deliver My_Mail: \"My_Mail\" is not the name of a channel"),
            ("mail:", "--deliver mail:: \"\" is not one plain address such as dana@example.com"),
            ("mail:dana", "--deliver mail:dana: \"dana\" is not one plain address"),
        ])
    func whatIsNoChannelIsSaid(text: String, message: String) {
        let error = #expect(throws: ValidationError.self) { try DeliverArgument.entry(text) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func eachCommandsHelpHasAnExample() {
        for command in ReportCTLCommand.configuration.subcommands {
            let help = command.helpMessage(columns: 200)
            #expect(help.contains("For example: \(command.configuration.commandName ?? "")"), "\(help)")
        }
    }

    @Test func whereAReportGoesIsCheckedBeforeTheClusterIsAsked() throws {
        let arguments = ["submit", "books", "--deliver", "mail:dana@example.com", "--deliver", "share"]
        let command = try #require(try ReportCTLCommand.parseAsRoot(arguments) as? SubmitCommand)
        #expect(command.deliver == ["mail:dana@example.com", "share"])
        let text = try #require(refusal("submit", "books", "--deliver", "mail:dana"))
        #expect(text.contains("Error: --deliver mail:dana: \"dana\" is not one plain address"), "\(text)")
    }

    @Test func namesOfSeveralPartsAreNames() {
        #expect(refusal("submit", "books", "--name", "books-2026.10") == nil)
    }

    @Test func aValueMayBeginWithADash() throws {
        let arguments = ["submit", "books", "--ttl", "-5", "--priority", "-5"]
        let command = try #require(try ReportCTLCommand.parseAsRoot(arguments) as? SubmitCommand)
        #expect(command.ttl == "-5" && command.priority == -5)
        let empty = try ReportCTLCommand.parseAsRoot(["submit", "books", "--ttl", ""]) as? SubmitCommand
        #expect(empty?.ttl == "")
    }

    @Test func aNameAndAllNamespacesExcludeEachOther() throws {
        for command in ["schedules", "pipelines", "watch", "deliveries"] {
            let text = try #require(refusal(command, "x", "-A"))
            #expect(text.contains("exclude each other"), "\(text)")
        }
    }

    @Test(arguments: ["89d", "12w", "2mo", "0y", "", "24", "mo", "1.5y", "90 d", "90m"])
    func anAgeIsTooYoungOrNone(text: String) throws {
        let refused = try #require(refusal("archive", "offload", "--to", "a", "--older-than", text))
        #expect(refused.contains("--older-than: "), "\(refused)")
    }

    @Test func anAgeOf90DaysIsTaken() {
        #expect(refusal("archive", "offload", "--to", "a", "--older-than", "90d") == nil)
    }

    @Test func onlyAPlainAddressIsErased() {
        for address in ["", "dana", "@example.com", "dana@", "a@b@c", "Dana <dana@example.com>", "dana @example.com"] {
            #expect(
                refusal("erase", "--requester", address)?.contains("is not one plain address") == true, "\(address)")
        }
        #expect(refusal("erase", "--requester", "dana@example.com") == nil)
        #expect(refusal("erase", "--requester", "a@b", "--key", "k")?.contains("--key is for --archive") == true)
    }
}
