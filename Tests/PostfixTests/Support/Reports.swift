import DeliveryChannels
import Digests
import Foundation
import KubernetesModel
import MailMessages
import PostfixSupport
import ReportAPI
import ReportLayout

/// Reports to send by mail, and channels to send them through.
enum Reports {
    static let id = "d5f0c1e2-7a77-4a65-8a0c-0f6f0d1f7b11"

    /// A copy for one recipient, of a run that ended as `phase`.
    static func copy(
        to recipient: String, phase: ReportRequestStatus.Phase = .succeeded, title: String = "Trial balance 2026-10"
    ) throws -> Dispatch {
        let published = Timestamp(seconds: 1_793_426_400)
        let report = ReportIdentity(
            reportID: "0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d", namespace: "finance", name: "october",
            pipeline: "trial-balance", attempt: 1, publishedAt: published, asOf: published, requester: "Dana Größe",
            parameters: ["period": .string("2026-10")])
        var run = Dispatch.Run(attempt: 1, phase: phase)
        run.requester = .init(name: "Dana Größe", email: "dana@example.com")
        if phase == .failed {
            run.reason = "StageFailed"
            run.message = "Stage \"query\" failed: account 4711 <Müller> has no currency"
        }
        var copy = Dispatch(
            id: id, report: report, run: run, title: title, createdAt: published.adding(5).date)
        copy.recipient = try MailAddress(recipient)
        return copy
    }

    /// A file in the server's folder, which goes with it.
    static func file(
        _ content: Data, named name: String, format: OutputFormat = .pdf, in postfix: Postfix
    ) throws -> Dispatch.File {
        let path = postfix.folder.appending(path: "file-\(UUID().uuidString)").path
        try content.write(to: URL(filePath: path))
        return Dispatch.File(
            format: format, name: name, path: path, size: content.count, sha256: SHA256.of(content))
    }

    /// A channel to the server, set up as it should be.
    static func channel(to server: String) -> ReportChannelSpec {
        var mail = ReportChannelSpec.Mail(
            server: server, from: "Bücher & Söhne 🙂 <reports@example.com>", allowedRecipients: ["@example.com"])
        mail.credentials = .init(secretRef: .init(name: "smtp"))
        return ReportChannelSpec(
            type: .mail, tls: .init(caSecretRef: .init(name: "authority")), allowPrivateAddresses: true, mail: mail)
    }

    static func secrets(of postfix: Postfix, password: String = Postfix.password) throws -> ChannelSecrets {
        // With a line's end, as editors leave one.
        var secrets = ChannelSecrets(credentials: [
            "user": Data("\(Postfix.user)\n".utf8), "password": Data("\(password)\n".utf8),
        ])
        secrets.authorities = try postfix.authority
        return secrets
    }
}
