/// What each type of channel has of its own.
extension ReportChannelSpec {
    package struct Mail: Codable, Hashable, Sendable {
        package struct Limits: Codable, Hashable, Sendable {
            /// Mails, one for each recipient.
            package var perNamespacePerHour: Int?

            package init(perNamespacePerHour: Int? = nil) { self.perNamespacePerHour = perNamespacePerHour }
        }

        /// `smtps://host:465`, or `smtp://host:587`, where STARTTLS is required.
        package var server: String
        /// `Reports <reports@example.com>`, or the address alone.
        package var from: String
        /// Addresses, and `@domain` for all of one domain, never of one below it.
        package var allowedRecipients: [String]
        package var limits: Limits?
        package var credentials: Credentials?
        /// A quantity of bytes such as `20Mi`, which is what holds when absent.
        package var maxMessageSize: String?

        package init(
            server: String, from: String, allowedRecipients: [String], limits: Limits? = nil,
            credentials: Credentials? = nil, maxMessageSize: String? = nil
        ) {
            self.server = server
            self.from = from
            self.allowedRecipients = allowedRecipients
            self.limits = limits
            self.credentials = credentials
            self.maxMessageSize = maxMessageSize
        }
    }

    package struct SharePoint: Codable, Hashable, Sendable {
        /// The directory's id or one of its domains.
        package var tenant: String
        /// The site's address, such as `https://example.sharepoint.com/sites/finance`.
        package var site: String
        /// The document library's name; the site's own when absent.
        package var library: String?
        /// The folder in it, with placeholders.
        package var path: String
        /// Whether one report's file may take the place of another's.
        package var overwrite: Bool?
        package var credentials: Credentials

        package init(
            tenant: String, site: String, library: String? = nil, path: String, overwrite: Bool? = nil,
            credentials: Credentials
        ) {
            self.tenant = tenant
            self.site = site
            self.library = library
            self.path = path
            self.overwrite = overwrite
            self.credentials = credentials
        }
    }

    package struct Teams: Codable, Hashable, Sendable {
        package enum Post: String, Codable, Sendable, CaseIterable {
            /// A card through a Workflows webhook, whose address is in the Secret: who knows it may post.
            case workflow = "Workflow"
            /// To a chat, as the account that signed in, with the file.
            case chatMessage = "ChatMessage"
            /// To a team's channel, the same way.
            case channelMessage = "ChannelMessage"
        }

        /// `Workflow` when absent.
        package var post: Post?
        /// Of messages: the directory and the application that the account signs in to.
        package var tenant: String?
        package var clientID: String?
        package var chatID: String?
        package var teamID: String?
        package var channelID: String?
        /// The channel of type SharePoint whose file the card or the message leads to.
        package var sharePointChannel: String?
        package var credentials: Credentials

        package init(
            post: Post? = nil, tenant: String? = nil, clientID: String? = nil, chatID: String? = nil,
            teamID: String? = nil, channelID: String? = nil, sharePointChannel: String? = nil,
            credentials: Credentials
        ) {
            self.post = post
            self.tenant = tenant
            self.clientID = clientID
            self.chatID = chatID
            self.teamID = teamID
            self.channelID = channelID
            self.sharePointChannel = sharePointChannel
            self.credentials = credentials
        }
    }

    package struct Webhook: Codable, Hashable, Sendable {
        /// https alone.
        package var url: String
        /// The keys that the message is signed with.
        package var credentials: Credentials

        package init(url: String, credentials: Credentials) {
            self.url = url
            self.credentials = credentials
        }
    }

    package struct MQTT: Codable, Hashable, Sendable {
        /// Requests that come through the broker.
        package struct Intake: Codable, Hashable, Sendable {
            package var topic: String
            /// Where refusals and answers go.
            package var replyTopic: String

            package init(topic: String, replyTopic: String) {
                self.topic = topic
                self.replyTopic = replyTopic
            }
        }

        /// `mqtts://host:8883`, or `mqtt://host:1883`, which takes no credentials.
        package var server: String
        /// With placeholders.
        package var topic: String
        package var retain: Bool?
        /// The parameters that the notice may carry, by name.
        package var parameters: [String]?
        /// Whether the notice says who asked.
        package var requester: Bool?
        package var intake: Intake?
        package var credentials: Credentials?

        package init(
            server: String, topic: String, retain: Bool? = nil, parameters: [String]? = nil, requester: Bool? = nil,
            intake: Intake? = nil, credentials: Credentials? = nil
        ) {
            self.server = server
            self.topic = topic
            self.retain = retain
            self.parameters = parameters
            self.requester = requester
            self.intake = intake
            self.credentials = credentials
        }
    }

    package struct Folder: Codable, Hashable, Sendable {
        /// Where the volume is mounted in the courier, such as `/reports`.
        package var volume: String
        /// The folder in it, with placeholders.
        package var path: String
        /// Whether one report's file may take the place of another's.
        package var overwrite: Bool?

        package init(volume: String, path: String, overwrite: Bool? = nil) {
            self.volume = volume
            self.path = path
            self.overwrite = overwrite
        }
    }
}
