import AsyncSupport
package import Foundation
import Glibc
import LoopbackSupport

/// A real Postfix on loopback ports, in a folder of its own, as hack/lib/services/private-postfix makes it.
///
/// It takes mail for example.com into one Maildir from who signs in; `gone@` is refused, `later@` deferred. Whatever
/// becomes of the test, it ends with the tests' process.
///
/// For example:
///
///     try await Postfix.withOne { postfix in
///         let transport = MailTransport(to: try MailServer(postfix.startTLS))
///         …
///         let mail = try await postfix.mail(to: "dana@example.com")
///     }
package final class Postfix: Sendable {
    package static let user = "reports"
    package static let password = "sesame, öffne dich"

    package let folder: URL
    package let startTLSPort: Int
    package let implicitTLSPort: Int
    /// Offers neither TLS nor a way to sign in.
    package let plainPort: Int

    private init() {
        let name = "postfix-\(UUID().uuidString.prefix(8))"
        folder = FileManager.default.temporaryDirectory.appending(path: name).resolvingSymlinksInPath()
        startTLSPort = Int(FreePort.find())
        implicitTLSPort = Int(FreePort.find())
        plainPort = Int(FreePort.find())
    }

    /// As channels name it.
    package var startTLS: String { "smtp://127.0.0.1:\(startTLSPort)" }
    package var implicitTLS: String { "smtps://localhost:\(implicitTLSPort)" }
    package var plain: String { "smtp://127.0.0.1:\(plainPort)" }

    /// The authority that signed its certificate, in PEM.
    package var authorityFile: String { folder.appending(path: "tls/ca.crt").path }
    package var authority: Data { get throws { try Data(contentsOf: URL(filePath: authorityFile)) } }

    package var log: String { (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "no log" }

    /// Starts one for the body, and ends it whatever comes of that; its log is told where the body fails.
    package static func withOne<Result>(_ body: (Postfix) async throws -> Result) async throws -> Result {
        let postfix = Postfix()
        do {
            try await postfix.make()
            try await postfix.start()
            let result = try await body(postfix)
            await postfix.remove()
            return result
        } catch {
            let log = postfix.log
            await postfix.remove()
            throw Failure("\(error)\n--- the log of Postfix:\n\(log.suffix(8000))")
        }
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    // MARK: Faults

    /// Ends all its processes at once, as a power cut would; what it has taken stays.
    package func kill() async throws { try await Self.program("end", folder.path) }

    /// Starts it again; returns once it answers.
    package func start() async throws {
        try await Self.program("start", folder.path, "\(ProcessInfo.processInfo.processIdentifier)")
    }

    /// Stalls it: its connections stay open and nothing answers.
    package func pause() throws { try signal(SIGSTOP) }

    package func resume() throws { try signal(SIGCONT) }

    private func signal(_ signal: Int32) throws {
        let text = try String(contentsOf: folder.appending(path: "queue/pid/master.pid"), encoding: .utf8)
        guard let master = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), master > 1,
            Glibc.kill(-master, signal) == 0
        else { throw Failure("Postfix doesn't run") }
    }

    // MARK: Mail

    /// The mail that has arrived by now, in no order; of that recipient alone, where one is named.
    package func mail(to recipient: String? = nil) async throws -> [ReceivedMail] {
        let inbox = folder.appending(path: "boxes/inbox/new")
        let files = (try? FileManager.default.contentsOfDirectory(at: inbox, includingPropertiesForKeys: nil)) ?? []
        let mail = try await ReceivedMail.parse(files.map(\.path))
        return recipient.map { recipient in mail.filter { $0.originalRecipient == recipient } } ?? mail
    }

    /// Waits until that many messages have arrived for the recipient.
    package func mail(to recipient: String, count: Int) async throws -> [ReceivedMail] {
        var mail: [ReceivedMail] = []
        try await eventually("\(mail.count) of \(count) mails for \(recipient)", every: .milliseconds(100)) {
            mail = try await self.mail(to: recipient)
            return mail.count >= count
        }
        return mail
    }

    /// How much has arrived for anybody, without a look into it.
    package var arrivedCount: Int {
        let inbox = folder.appending(path: "boxes/inbox/new").path
        return (try? FileManager.default.contentsOfDirectory(atPath: inbox).count) ?? 0
    }

    // MARK: Its program

    private func make() async throws {
        try await Self.program(
            "make", folder.path, "127.0.0.1", "starttls=\(startTLSPort)", "smtps=\(implicitTLSPort)",
            "plain=\(plainPort)")
    }

    private func remove() async {
        try? await kill()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func program(_ arguments: String...) async throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent()
        do {
            _ = try await ChildProcess.output(
                of: root.appending(path: "hack/lib/services/private-postfix").path, arguments: arguments,
                environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "MAIL_PASSWORD": password],
                inheritsInput: false, timeout: .seconds(60))
        } catch {
            throw Failure("private-postfix \(arguments.joined(separator: " ")) \(error)")
        }
    }
}
