import KubernetesModel
import MailMessages
package import ReportAPI

/// Finds what is wrong with a channel before it is tried: what the schema says, for servers and clients that skip it, and
/// what no schema can say.
package enum ChannelCheck {
    /// Why a channel isn't used, for its condition.
    package struct Obstacle: Hashable, Sendable {
        package let reason: String
        package let message: String
    }

    package static let messageSizes: ClosedRange<Int64> = (64 << 10)...(1 << 30)

    /// Nil for a channel that can be tried.
    package static func obstacle(to channel: ReportChannel, courierNamespace: String) -> Obstacle? {
        guard channel.metadata.namespace == courierNamespace else {
            return Obstacle(
                reason: Reason.wrongNamespace,
                message: "metadata.namespace: channels are used in the courier's namespace alone, which is "
                    + "\(courierNamespace); create it there")
        }
        let faults =
            switch channel.spec {
            case .value(let spec): faults(in: spec, at: "spec")
            case .fault(let fault): [fault]
            }
        return faults.isEmpty ? nil : Obstacle(reason: Reason.invalidSpec, message: faults.joined(separator: "; "))
    }

    /// Every fault, each naming its field, the value and what is allowed. `field` is where it is, such as `spec`.
    package static func faults(in spec: ReportChannelSpec, at field: String) -> [String] {
        var faults = FieldFaults(at: field)
        faults.members(spec)
        if spec.default == true, spec.type == .sharePoint || spec.type == .teams {
            faults.add("default", "\(spec.type.rawValue) can't be a default; Mail, Webhook, MQTT and Folder can")
        }
        faults.selector(spec.allowedNamespaces)
        if let secret = spec.tls?.caSecretRef { faults.objectName(secret.name, "tls.caSecretRef.name") }
        if let secret = spec.tls?.clientCertificateSecretRef {
            faults.objectName(secret.name, "tls.clientCertificateSecretRef.name")
        }
        let admitsOne = spec.allowedNamespaces.onlyNamespace != nil
        if let mail = spec.mail { faults.mail(mail) }
        if let sharePoint = spec.sharePoint { faults.sharePoint(sharePoint, admitsOne: admitsOne) }
        if let teams = spec.teams { faults.teams(teams) }
        if let webhook = spec.webhook { faults.webhook(webhook) }
        if let mqtt = spec.mqtt { faults.mqtt(mqtt) }
        if let folder = spec.folder { faults.folder(folder, admitsOne: admitsOne) }
        return faults.messages
    }
}

extension FieldFaults {
    fileprivate mutating func members(_ spec: ReportChannelSpec) {
        let members: [(ReportChannelSpec.Kind, String, Bool)] = [
            (.mail, "mail", spec.mail != nil), (.sharePoint, "sharePoint", spec.sharePoint != nil),
            (.teams, "teams", spec.teams != nil), (.webhook, "webhook", spec.webhook != nil),
            (.mqtt, "mqtt", spec.mqtt != nil), (.folder, "folder", spec.folder != nil),
        ]
        for (kind, member, isSet) in members where isSet != (kind == spec.type) {
            add(
                member,
                isSet ? "is not for type \(spec.type.rawValue); take it out" : "is required for type \(kind.rawValue)")
        }
    }

    fileprivate mutating func selector(_ selector: NamespaceSelector) {
        for (index, requirement) in (selector.matchExpressions ?? []).enumerated() {
            let hasValues = requirement.values?.isEmpty == false
            let place = "allowedNamespaces.matchExpressions[\(index)].values"
            switch requirement.operator {
            case .in, .notIn: if !hasValues { add(place, "at least one is required for In and NotIn") }
            case .exists, .doesNotExist: if hasValues { add(place, "must be absent for Exists and DoesNotExist") }
            }
        }
    }

    fileprivate mutating func credentials(_ credentials: ReportChannelSpec.Credentials?, _ member: String) {
        if let name = credentials?.secretRef.name { objectName(name, "\(member).credentials.secretRef.name") }
    }

    fileprivate mutating func mail(_ mail: ReportChannelSpec.Mail) {
        server(mail.server, "mail.server", ["smtps", "smtp"], "smtps://host:465 or smtp://host:587")
        if (try? Mailbox(mail.from)) == nil {
            refuse(mail.from, "mail.from", "an address, or a name and one such as Reports <reports@example.com>")
        }
        if mail.allowedRecipients.isEmpty {
            add("mail.allowedRecipients", "at least one is required, such as @example.com")
        }
        for (index, allowed) in mail.allowedRecipients.enumerated() where (try? RecipientRule(allowed)) == nil {
            refuse(
                allowed, "mail.allowedRecipients[\(index)]",
                "an address such as audit@example.com, or a domain such as @example.com")
        }
        if let limit = mail.limits?.perNamespacePerHour, !(1...1_000_000).contains(limit) {
            add("mail.limits.perNamespacePerHour", "\(limit) is out of bounds; allowed are 1 to 1000000")
        }
        if let size = mail.maxMessageSize,
            !(ByteSize.bytes(size).map(ChannelCheck.messageSizes.contains) ?? false)
        {
            refuse(size, "mail.maxMessageSize", "a size from 64Ki to 1Gi, such as 20Mi")
        }
        credentials(mail.credentials, "mail")
    }

    fileprivate mutating func sharePoint(_ sharePoint: ReportChannelSpec.SharePoint, admitsOne: Bool) {
        if ServerURL(sharePoint.site)?.scheme != "https" || sharePoint.site.utf8.contains(UInt8(ascii: "?")) {
            refuse(
                sharePoint.site, "sharePoint.site",
                "a site's address such as https://example.sharepoint.com/sites/finance")
        }
        tenant(sharePoint.tenant, "sharePoint.tenant")
        if let library = sharePoint.library { _ = length(library, "sharePoint.library", upTo: 200) }
        path(sharePoint.path, "sharePoint", overwrite: sharePoint.overwrite ?? false, admitsOne: admitsOne)
        credentials(sharePoint.credentials, "sharePoint")
    }

    private mutating func tenant(_ tenant: String, _ place: String) {
        guard !MailAddress.isDomain(tenant) else { return }
        refuse(tenant, place, "a directory's id or one of its domains")
    }

    fileprivate mutating func teams(_ teams: ReportChannelSpec.Teams) {
        let post = teams.post ?? .workflow
        let members: [(String, String?, Bool)] = [
            ("chatID", teams.chatID, post == .chatMessage),
            ("teamID", teams.teamID, post == .channelMessage),
            ("channelID", teams.channelID, post == .channelMessage),
        ]
        for (name, value, isWanted) in members {
            if let value {
                if !isWanted { add("teams.\(name)", "is not for post \(post.rawValue); take it out") }
                let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#".utf8.contains($0) }
                if value.isEmpty || value.utf8.count > 200 || !isPlain {
                    refuse(value, "teams.\(name)", "an id of Microsoft's")
                }
            } else if isWanted {
                add("teams.\(name)", "is required for post \(post.rawValue)")
            }
        }
        if post != .workflow {
            for (name, value) in [
                ("tenant", teams.tenant), ("clientID", teams.clientID), ("sharePointChannel", teams.sharePointChannel),
            ] where value == nil { add("teams.\(name)", "is required for post \(post.rawValue)") }
        }
        if let id = teams.tenant { tenant(id, "teams.tenant") }
        if let channel = teams.sharePointChannel { objectName(channel, "teams.sharePointChannel") }
        credentials(teams.credentials, "teams")
    }

    fileprivate mutating func webhook(_ webhook: ReportChannelSpec.Webhook) {
        if ServerURL(webhook.url)?.scheme != "https" {
            refuse(
                webhook.url, "webhook.url",
                "an address such as https://hooks.example.com/reports; only https is allowed")
        }
        credentials(webhook.credentials, "webhook")
        do throws(TicketTemplate.Faults) {
            _ = try TicketTemplate(webhook)
        } catch {
            for fault in error.list { add("webhook.ticket.\(fault.place)", fault.message) }
        }
    }

    fileprivate mutating func mqtt(_ mqtt: ReportChannelSpec.MQTT) {
        server(mqtt.server, "mqtt.server", ["mqtts", "mqtt"], "mqtts://host:8883 or mqtt://host:1883")
        if mqtt.credentials != nil, ServerURL(mqtt.server)?.scheme == "mqtt" {
            add("mqtt.server", "\(Self.shown(mqtt.server)) has no TLS, which credentials need; write mqtts://")
        }
        topic(mqtt.topic, "mqtt.topic", hasPlaceholders: true)
        if let intake = mqtt.intake {
            topic(intake.topic, "mqtt.intake.topic", hasPlaceholders: false)
            topic(intake.replyTopic, "mqtt.intake.replyTopic", hasPlaceholders: false)
        }
        credentials(mqtt.credentials, "mqtt")
    }

    private mutating func topic(_ topic: String, _ place: String, hasPlaceholders: Bool) {
        if topic.utf8.contains(where: { "+#$".utf8.contains($0) }) {
            add(place, "\(Self.shown(topic)) has one of + # $, which a topic to publish to can't have")
        }
        if hasPlaceholders {
            template(topic, place, upTo: 512, parameters: nil)
        } else if length(topic, place, upTo: 512), topic.utf8.contains(where: ASCII.isControl) {
            add(place, "\(Self.shown(topic)) has a control character; take it out")
        }
    }

    fileprivate mutating func folder(_ folder: ReportChannelSpec.Folder, admitsOne: Bool) {
        let parts = folder.volume.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isAbsolute = parts.count > 1 && parts[0].isEmpty
        let isPlain = parts.dropFirst().allSatisfy { part in
            part.first.map { $0 != UInt8(ascii: ".") } ?? false
                && part.allSatisfy { ASCII.isAlphanumeric($0) || "._-".utf8.contains($0) }
        }
        if !isAbsolute || !isPlain || folder.volume.utf8.count > 256 {
            refuse(folder.volume, "folder.volume", "the path where a volume is mounted, such as /reports")
        }
        path(folder.path, "folder", overwrite: folder.overwrite ?? false, admitsOne: admitsOne)
    }

    /// So that one namespace's files can't take the place of another's, nor a report's of another's by accident.
    private mutating func path(_ path: String, _ member: String, overwrite: Bool, admitsOne: Bool) {
        let place = "\(member).path"
        guard let names = template(path, place, upTo: 400, parameters: nil) else { return }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        if segments.contains(where: { $0.isEmpty || $0.utf8.first == UInt8(ascii: ".") }) {
            add(
                place,
                "\(Self.shown(path)) must be segments with one slash between them, none of which begins with a dot")
        }
        if path.utf8.contains(where: { #"\:*?"<>|"#.utf8.contains($0) }) {
            add(place, #"\#(Self.shown(path)) has one of \ : * ? " < > |, which file systems don't take"#)
        }
        if !names.contains("namespace"), !admitsOne {
            add(
                place,
                "\(Self.shown(path)) must hold {namespace}, since allowedNamespaces may admit several; or select one by "
                    + "kubernetes.io/metadata.name")
        }
        if !names.contains("report"), !overwrite {
            add(place, "\(Self.shown(path)) must hold {report}, or \(member).overwrite must be true")
        }
    }

    private mutating func server(_ text: String, _ place: String, _ schemes: [String], _ expectation: String) {
        guard let url = ServerURL(text), schemes.contains(url.scheme), url.target.isEmpty || url.target == "/" else {
            refuse(text, place, expectation)
            return
        }
    }
}
