import DeliveryPlanning
import KubernetesModel
import ReportAPI

/// Channels as somebody sees them who wants to send a report, or to know why one isn't sent.
struct ChannelView: Sendable {
    let now: Timestamp
    let courierNamespace: String

    func table(_ channels: [ReportChannel], isWide: Bool) -> TextTable {
        let titles =
            ["NAME", "TYPE", "DEFAULT", "READY"] + (isWide ? ["WHERE", "NAMESPACES", "SINCE", "AGE"] : []) + ["MESSAGE"]
        var table = TextTable(columns: titles.map { .init(title: $0) })
        table.rows = channels.map { channel in
            let spec = channel.spec.value
            let (state, message) = state(channel)
            var row = [
                StyledText(channel.metadata.name), StyledText(spec?.type.rawValue ?? ""),
                StyledText(spec?.default == true ? "yes" : ""), state,
            ]
            if isWide {
                row += [
                    spec.map(Self.place) ?? "", spec.map { Self.text($0.allowedNamespaces) } ?? "",
                    Moments.age(channel.status?.ready?.lastTransitionTime, now: now),
                    Moments.age(channel.metadata.creationTimestamp, now: now),
                ].map { StyledText($0) }
            }
            row.append(StyledText(message.firstLine))
            return row
        }
        return table
    }

    /// `True`, `False` or `Unknown` as the condition has it, and why.
    func state(_ channel: ReportChannel) -> (StyledText, message: String) {
        if let obstacle = ChannelCheck.obstacle(to: channel, courierNamespace: courierNamespace) {
            return (StyledText("False", .bad), obstacle.message)
        }
        guard let ready = channel.status?.ready else {
            return (StyledText("Unknown", .waiting), "the courier hasn't tried it yet")
        }
        return (
            StyledText(ready.status, ready.isTrue ? .good : ready.status == "False" ? .bad : .waiting), ready.message
        )
    }

    func details(_ channel: ReportChannel, width: Int) -> [StyledText] {
        var fields = FieldList()
        let (state, message) = state(channel)
        fields.add("Name", StyledText(channel.metadata.name, .strong))
        if let spec = channel.spec.value {
            fields.add(
                "Type",
                spec.type.rawValue + (spec.type == .teams ? ", \((spec.teams?.post ?? .workflow).rawValue)" : ""))
            fields.add("Where", Self.place(spec))
            fields.add("Requests", spec.mqtt?.intake.map { "from \($0.topic), answers on \($0.replyTopic)" })
            fields.add("Default", spec.default == true ? Self.meaning(spec.type) : "no")
            fields.add("Namespaces", Self.text(spec.allowedNamespaces))
            fields.add("From", spec.mail?.from)
            fields.add("Recipients", spec.mail?.allowedRecipients.joined(separator: ", "))
            fields.add("Limit", spec.mail?.limits?.perNamespacePerHour.map { "\($0) mails an hour for each namespace" })
            fields.add("Largest", spec.mail.map { $0.maxMessageSize ?? "20Mi" })
            fields.add("Tried for", spec.retryFor?.description ?? ReportChannelSpec.defaultRetryFor)
            fields.add("Secret", Self.secret(spec))
        }
        fields.add("Ready", state + StyledText(channel.status?.ready.map { "  (\($0.reason))" } ?? ""))
        let lines = fields.lines(width: width)
        return message.isEmpty ? lines : lines + [""] + StyledText.lines(message)
    }

    private static func meaning(_ type: ReportChannelSpec.Kind) -> String {
        type == .mail
            ? "yes: requests that name no channel and have an e-mail address use it"
            : "yes: every run of its namespaces is announced through it"
    }

    private static func secret(_ spec: ReportChannelSpec) -> String? {
        let credentials =
            spec.mail?.credentials ?? spec.sharePoint?.credentials ?? spec.teams?.credentials
            ?? spec.webhook?.credentials ?? spec.mqtt?.credentials
        return credentials?.secretRef.name
    }

    /// Where it leads, without what might be a key: an address' query.
    static func place(_ spec: ReportChannelSpec) -> String {
        if let mail = spec.mail { return mail.server }
        if let site = spec.sharePoint {
            return "\(site.site)  \([site.library, site.path].compactMap(\.self).joined(separator: "/"))"
        }
        if let teams = spec.teams {
            return [teams.chatID, teams.teamID, teams.channelID].compactMap(\.self).joined(separator: "/")
        }
        if let webhook = spec.webhook { return String(webhook.url.prefix { $0 != "?" && $0 != "#" }) }
        if let mqtt = spec.mqtt { return "\(mqtt.server)  \(mqtt.topic)" }
        if let folder = spec.folder { return "\(folder.volume)/\(folder.path)" }
        return ""
    }

    /// `all`, or the labels that a namespace needs.
    static func text(_ selector: NamespaceSelector) -> String {
        let labels = (selector.matchLabels ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let requirements = (selector.matchExpressions ?? []).map { requirement in
            let values = (requirement.values ?? []).joined(separator: ",")
            return switch requirement.operator {
            case .in: "\(requirement.key) in (\(values))"
            case .notIn: "\(requirement.key) notin (\(values))"
            case .exists: requirement.key
            case .doesNotExist: "!\(requirement.key)"
            }
        }
        let all = labels + requirements
        return all.isEmpty ? "all" : all.joined(separator: ",")
    }
}
