import Foundation
import GatewayAPI
import GatewayIdentity
import HTTPTransport
import KubernetesClient
import Logging
import LoopbackSupport
import Testing

@testable import GatewayServer

struct AccessReviewerTests {
    private static let everywhere = Set((1...20).map { "team-\($0)" })
    private static let all = RightsView(
        ask: true, askForOthers: true, change: true, delete: true, schedule: true, send: true, readLogs: true)

    private func caller(_ user: String = "company:ada", groups: [String] = []) -> Caller {
        Caller(user: user, groups: groups, evidence: .token)
    }

    /// Who may all in all namespaces: seven questions more than which those are, in place of seven for each.
    @Test func whatSomebodyMayEverywhereIsAskedOnce() async throws {
        let server = ReviewServer { _ in true }
        let reviewer = server.reviewer()
        let rights = try await reviewer.namespaceRights(caller(), among: Self.everywhere)
        #expect(rights == Self.everywhere.sorted().map { NamespaceRights(name: $0, may: Self.all) })
        #expect(server.asked.count == 8)
        #expect(server.asked.allSatisfy { $0.namespace == nil })
        // Of what is known already nobody is asked.
        _ = try await reviewer.namespaceRights(caller(), among: Self.everywhere)
        let one = try await reviewer.rights(caller(), in: ["team-21"])
        #expect(one == [Self.all])
        #expect(server.asked.count == 8)
    }

    @Test func whatIsRefusedEverywhereIsAskedOfEach() async throws {
        // May look everywhere, ask for reports everywhere, and delete in one namespace.
        let server = ReviewServer {
            ["list", "get"].contains($0.verb) || ($0.verb == "create" && $0.resource == "reportrequests")
                || ($0.verb == "delete" && $0.namespace == "team-7")
        }
        let rights = try await server.reviewer().namespaceRights(caller(), among: Self.everywhere)
        for found in rights {
            #expect(found.may == RightsView(ask: true, delete: found.name == "team-7", readLogs: true), "\(found.name)")
        }
        // Which namespaces, seven of all together, and of each what was refused there: change, delete, schedule, send, for others.
        #expect(server.asked.count == 108)
    }

    /// Who may look in some alone isn't asked of all: she may do nothing there.
    @Test func whoSeesSomeIsAskedOfThose() async throws {
        let server = ReviewServer { asked in
            guard let namespace = asked.namespace, ["team-3", "team-4"].contains(namespace) else { return false }
            return asked.verb == "list" || namespace == "team-4"
        }
        let rights = try await server.reviewer().namespaceRights(caller(), among: Self.everywhere)
        #expect(
            rights == [NamespaceRights(name: "team-3", may: .none), NamespaceRights(name: "team-4", may: Self.all)])
        // Of whom nothing is made by nobody chooses a requester.
        #expect(server.asked.count { $0.verb == "request-for-others" } == 1)
        #expect(server.asked.count == 34)
    }

    @Test func aGatewayOfOneNamespaceAsksOfThatAlone() async throws {
        let server = ReviewServer { _ in true }
        let rights = try await server.reviewer(only: "team-2").namespaceRights(caller(), among: Self.everywhere)
        #expect(rights == [NamespaceRights(name: "team-2", may: Self.all)])
        #expect(server.asked.allSatisfy { $0.namespace == "team-2" })
    }

    /// As Kubernetes compares them.
    @Test func namesThatOnlyLookAlikeHaveAnswersOfTheirOwn() async throws {
        let names = [("Domäne", "Doma\u{308}ne"), ("\u{212A}ate", "Kate")]
        let good = names.map(\.0)
        let server = ReviewServer { asked in
            good.contains { name in
                ([asked.user] + asked.groups + [asked.namespace ?? ""]).contains {
                    $0.utf8.elementsEqual(name.utf8)
                }
            }
        }
        let reviewer = server.reviewer()
        for (right, wrong) in names {
            #expect(right == wrong)
            for (text, isAllowed) in [(right, true), (wrong, false), (right, true)] {
                let review = AccessReview(.get, .requests, in: "finance")
                #expect(try await reviewer.may(caller(text), review) == isAllowed)
                #expect(try await reviewer.may(caller("x", groups: [text]), review) == isAllowed)
                #expect(try await reviewer.may(caller(), AccessReview(.get, .requests, in: text)) == isAllowed)
            }
            let confined = server.reviewer(only: wrong)
            #expect(try await !confined.may(caller(right), AccessReview(.get, .requests, in: right)))
        }
    }
}

/// An API server whose access reviews a rule answers.
private struct ReviewServer {
    struct Asked: Sendable {
        var user = ""
        var groups: [String] = []
        var verb = ""
        var resource = ""
        var namespace: String?

        init?(_ request: LoopbackRequest) {
            guard let body = try? JSONSerialization.jsonObject(with: request.body) as? [String: Any],
                let spec = body["spec"] as? [String: Any], let wish = spec["resourceAttributes"] as? [String: Any]
            else { return nil }
            user = spec["user"] as? String ?? ""
            groups = spec["groups"] as? [String] ?? []
            verb = wish["verb"] as? String ?? ""
            resource = wish["resource"] as? String ?? ""
            namespace = wish["namespace"] as? String
        }
    }

    private let server: LoopbackServer

    init(_ allows: @escaping @Sendable (Asked) -> Bool) {
        server = LoopbackServer { request, _ in
            guard let asked = Asked(request) else { return .json("{}", status: 400) }
            return .json(#"{"kind": "SubjectAccessReview", "status": {"allowed": \#(allows(asked))}}"#, status: 201)
        }
    }

    var asked: [Asked] { server.requests.compactMap(Asked.init) }

    func reviewer(only namespace: String? = nil) -> AccessReviewer {
        var configuration = ClientConfiguration(server: server.address)
        configuration.proxy = .none
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return AccessReviewer(
            client: KubernetesClient(configuration: configuration, userAgent: "test", logger: logger), only: namespace)
    }
}
