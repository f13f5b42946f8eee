import AsyncSupport
import FoundationEssentials
import HTTPTransport
import KubernetesModel
import NetworkAddresses
import ReportAPI
import ReportLayout

/// Posts messages with files to a chat or a team's channel, in the name of an account that signed in once.
///
/// Source: Microsoft, "Send chatMessage in a channel or a chat". The files are in SharePoint, and the message refers to
/// them; who reads it needs the right to read them there.
struct TeamsMessage: Sendable {
    static let server = "Microsoft Graph"

    private struct Posted: Decodable {
        var id: String
    }

    private struct Account: Decodable {
        var displayName: String?
        var userPrincipalName: String?
    }

    private let client: GraphClient
    private let path: String

    init(
        _ teams: ReportChannelSpec.Teams, name: String, secrets: ChannelSecrets, vault: any TokenVault,
        cloud: MicrosoftCloud, transport: HTTPTransport, now: @escaping @Sendable () -> Date
    ) throws(ChannelFault) {
        let signIn = try TeamsSignIn(
            teams, name: name, secrets: secrets, vault: vault, cloud: cloud, transport: transport, now: now)
        client = GraphClient(cloud: cloud, tokens: signIn.tokens(), transport: transport, now: now)
        if let chat = teams.chatID {
            path = "/chats/\(PercentEncoding.component(chat))/messages"
        } else if let team = teams.teamID, let channel = teams.channelID {
            path = "/teams/\(PercentEncoding.component(team))/channels/\(PercentEncoding.component(channel))/messages"
        } else {
            throw ChannelFault("spec.teams.chatID, or teams.teamID and teams.channelID, are required for messages")
        }
    }

    func send(
        _ notice: TeamsNotice, files: [SharePointSender.Stored], by deadline: ContinuousClock.Instant,
        mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        let body = GraphBody.data(Data(MessageBody.message(notice, files: files).jsonText), "application/json")
        let response = await Result { () async throws(GraphFault) in
            try await client.answer(.post, path, body: body, by: deadline, mayBegin: mayBegin)
        }
        switch response {
        case .failure(.http(let error)):
            let trouble = ServerTrouble(error, server: Self.server)
            guard trouble.mayHaveArrived else { return trouble.outcome }
            return .uncertain(words: trouble.words + "; the message may have been posted")
        case .failure(let fault): return fault.outcome(server: Self.server)
        case .success(let response): return outcome(of: response)
        }
    }

    private func outcome(of response: HTTPResponse) -> SendOutcome {
        let answer = GraphAnswer(response, server: Self.server, now: client.now())
        switch response.status {
        case 200..<300:
            let id = (try? JSONDecoder().decode(Posted.self, from: response.body))?.id
            return .sent(id: id?.head(bytes: 200), words: "The message was posted")
        case 401, 403:
            return .misconfigured(
                words: "\(answer.words). The account must be a member of the chat or team, and have consented to "
                    + "ChatMessage.Send or ChannelMessage.Send")
        case 404:
            return .misconfigured(words: "\(answer.words). Check teams.chatID, or teams.teamID and teams.channelID")
        // A gateway timed out waiting for something that may have been done.
        case 504: return .uncertain(words: "\(answer.words); the message may have been posted")
        default:
            return answer.mayPass
                ? .deferred(words: answer.words, after: answer.after) : .refused(words: answer.words)
        }
    }

    func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial {
        let response = await Result { () async throws(GraphFault) in
            try await client.answer(.get, "/me?$select=displayName,userPrincipalName", by: deadline)
        }
        switch response {
        case .failure(let fault): return fault.trial(server: Self.server)
        case .success(let response):
            guard response.status == 200, let account = try? JSONDecoder().decode(Account.self, from: response.body)
            else {
                let answer = GraphAnswer(response, server: Self.server, now: client.now())
                return answer.mayPass ? .unreachable(words: answer.words) : .misconfigured(words: answer.words)
            }
            let name = (account.userPrincipalName ?? account.displayName ?? "an account").onOneLine.head(bytes: 120)
            return .works(words: "Signed in as \(name); only a message shows whether it may post there")
        }
    }
}
