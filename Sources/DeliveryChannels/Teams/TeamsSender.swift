package import FoundationEssentials
import HTTPTransport
package import Logging
package import ReportAPI

/// Tells a chat or a channel of Teams of a report: by a workflow's card, or as an account that signed in.
///
/// Where the channel names one of type SharePoint, the files are stored there first, by its own sender, and linked.
package struct TeamsSender: ChannelSender {
    private enum Way: Sendable {
        case workflow(WorkflowPost)
        case message(TeamsMessage)
    }

    private let way: Way
    private let sharePoint: SharePointSender?

    /// `name`: the channel's own. `sharePoint`: of `teams.sharePointChannel`. `vault`: where the sign-in is kept; of
    /// messages alone. `cloud`: where messages are posted; where SharePoint is when nil. `now`: a clock that Microsoft
    /// agrees with.
    package init(
        _ spec: ReportChannelSpec, name: String, secrets: ChannelSecrets, sharePoint: SharePointSender? = nil,
        vault: (any TokenVault)? = nil, cloud: MicrosoftCloud? = nil, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(ChannelFault) {
        guard let teams = spec.teams else { throw ChannelFault("spec.teams is required for type Teams") }
        if let channel = teams.sharePointChannel, sharePoint == nil {
            throw ChannelFault("spec.teams.sharePointChannel: there is no usable channel \(channel) of type SharePoint")
        }
        self.sharePoint = sharePoint
        let transport = HTTPTransport(
            configuration: try HTTPTransportConfiguration(spec, secrets: secrets), logger: logger)
        switch teams.post ?? .workflow {
        case .workflow: way = .workflow(try WorkflowPost(secrets, transport: transport, now: now))
        case .chatMessage, .channelMessage:
            guard let sharePoint else {
                throw ChannelFault("spec.teams.sharePointChannel is required for messages, which lead to a file there")
            }
            guard let vault else {
                throw ChannelFault("spec.teams.post: \(teams.post?.rawValue ?? "") is not supported by this version")
            }
            way = .message(
                try TeamsMessage(
                    teams, name: name, secrets: secrets, vault: vault, cloud: cloud ?? sharePoint.cloud,
                    transport: transport, now: now))
        }
    }

    /// A card that was posted twice is read twice.
    package var repeatsHarmlessly: Bool { false }

    package func send(
        _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        var stored: [SharePointSender.Stored] = []
        if let sharePoint {
            for file in dispatch.files {
                let result = await sharePoint.store(
                    file, of: dispatch, keepsSame: true, by: deadline, mayBegin: mayBegin)
                switch result {
                case .success(let file): stored.append(file)
                case .failure(let stop): return Self.unlinked(stop.outcome)
                }
            }
        }
        let links = stored.compactMap { file in
            file.item.webUrl.map { TeamsNotice.Link(name: file.name, url: $0) }
        }
        let notice = TeamsNotice(dispatch, links: links)
        return switch way {
        case .workflow(let post):
            await post.send(AdaptiveCard.message(notice), by: deadline, mayBegin: mayBegin)
        case .message(let message):
            await message.send(notice, files: stored, by: deadline, mayBegin: mayBegin)
        }
    }

    package func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial {
        let trial =
            switch way {
            case .workflow(let post): await post.trial(by: deadline)
            case .message(let message): await message.trial(by: deadline)
            }
        guard case .works(let words) = trial, let sharePoint else { return trial }
        return switch await sharePoint.trial(by: deadline) {
        case .works(let more): .works(words: "\(words). \(more)")
        case .misconfigured(let words): .misconfigured(words: "teams.sharePointChannel: \(words)")
        case .unreachable(let words): .unreachable(words: "teams.sharePointChannel: \(words)")
        }
    }

    /// Nothing was posted, whatever became of the file.
    private static func unlinked(_ outcome: SendOutcome) -> SendOutcome {
        let prefix = "Nothing was posted, since the file is not in SharePoint: "
        return switch outcome {
        case .refused(let words): .refused(words: prefix + words)
        case .misconfigured(let words): .misconfigured(words: prefix + words)
        case .deferred(let words, let after): .deferred(words: prefix + words, after: after)
        case .sent(_, let words), .uncertain(let words): .deferred(words: prefix + words, after: nil)
        }
    }
}
