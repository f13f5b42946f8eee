public import KubernetesModel

/// What each type of channel has of its own.
extension ReportChannelSpec {
    public struct Mail: Codable, Hashable, Sendable {
        public struct Limits: Codable, Hashable, Sendable {
            /// Mails, one for each recipient.
            public var perNamespacePerHour: Int?

            public init(perNamespacePerHour: Int? = nil) { self.perNamespacePerHour = perNamespacePerHour }
        }

        /// `smtps://host:465`, or `smtp://host:587`, where STARTTLS is required.
        public var server: String
        /// `Reports <reports@example.com>`, or the address alone.
        public var from: String
        /// Addresses, and `@domain` for all of one domain, never of one below it.
        public var allowedRecipients: [String]
        public var limits: Limits?
        public var credentials: Credentials?
        /// A quantity of bytes such as `20Mi`, which is what holds when absent.
        public var maxMessageSize: String?

        public init(
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

    public struct SharePoint: Codable, Hashable, Sendable {
        /// The directory's id or one of its domains.
        public var tenant: String
        /// The site's address, such as `https://example.sharepoint.com/sites/finance`.
        public var site: String
        /// The document library's name; the site's own when absent.
        public var library: String?
        /// The folder in it, with placeholders.
        public var path: String
        /// Whether one report's file may take the place of another's.
        public var overwrite: Bool?
        public var credentials: Credentials

        public init(
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

    public struct Teams: Codable, Hashable, Sendable {
        public enum Post: String, Codable, Sendable, CaseIterable {
            /// A card through a Workflows webhook, whose address is in the Secret: who knows it may post.
            case workflow = "Workflow"
            /// To a chat, as the account that signed in, with the file.
            case chatMessage = "ChatMessage"
            /// To a team's channel, the same way.
            case channelMessage = "ChannelMessage"
        }

        /// `Workflow` when absent.
        public var post: Post?
        /// Of messages: the directory and the application that the account signs in to.
        public var tenant: String?
        public var clientID: String?
        public var chatID: String?
        public var teamID: String?
        public var channelID: String?
        /// The channel of type SharePoint whose file the card or the message leads to.
        public var sharePointChannel: String?
        public var credentials: Credentials

        public init(
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

    public struct Webhook: Codable, Hashable, Sendable {
        /// How a ticket of a trigger is opened and closed. Strings in bodies may hold placeholders.
        public struct Ticket: Codable, Hashable, Sendable {
            public struct Open: Codable, Hashable, Sendable {
                public var body: JSONObject

                public init(body: JSONObject) { self.body = body }
            }

            public struct Close: Codable, Hashable, Sendable {
                public enum Method: String, Codable, Sendable, CaseIterable {
                    case post = "POST"
                    case patch = "PATCH"
                    case put = "PUT"
                }

                /// `post` when absent.
                public var method: Method?
                /// The channel's own when absent; with placeholders.
                public var url: String?
                public var body: JSONObject

                public init(method: Method? = nil, url: String? = nil, body: JSONObject) {
                    self.method = method
                    self.url = url
                    self.body = body
                }
            }

            public var open: Open
            public var close: Close
            /// Where the answer to `open` has the ticket's id: a JSON Pointer.
            public var id: String?

            public init(open: Open, close: Close, id: String? = nil) {
                self.open = open
                self.close = close
                self.id = id
            }
        }

        /// https alone.
        public var url: String
        /// The keys that the message is signed with, and what signs in.
        public var credentials: Credentials
        /// Nil of a channel that takes reports alone.
        public var ticket: Ticket?

        public init(url: String, credentials: Credentials, ticket: Ticket? = nil) {
            self.url = url
            self.credentials = credentials
            self.ticket = ticket
        }
    }

    public struct MQTT: Codable, Hashable, Sendable {
        /// Requests that come through the broker.
        public struct Intake: Codable, Hashable, Sendable {
            public var topic: String
            /// Where refusals and answers go.
            public var replyTopic: String

            public init(topic: String, replyTopic: String) {
                self.topic = topic
                self.replyTopic = replyTopic
            }
        }

        /// `mqtts://host:8883`, or `mqtt://host:1883`, which takes no credentials.
        public var server: String
        /// With placeholders.
        public var topic: String
        public var retain: Bool?
        /// The parameters that the notice may carry, by name.
        public var parameters: [String]?
        /// Whether the notice says who asked.
        public var requester: Bool?
        public var intake: Intake?
        public var credentials: Credentials?

        public init(
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

    public struct Folder: Codable, Hashable, Sendable {
        /// Where the volume is mounted in the courier, such as `/reports`.
        public var volume: String
        /// The folder in it, with placeholders.
        public var path: String
        /// Whether one report's file may take the place of another's.
        public var overwrite: Bool?

        public init(volume: String, path: String, overwrite: Bool? = nil) {
            self.volume = volume
            self.path = path
            self.overwrite = overwrite
        }
    }
}
