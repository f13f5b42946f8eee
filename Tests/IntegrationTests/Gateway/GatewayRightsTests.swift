import ClusterSupport
import Foundation
import HTTPTransport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// Who may what: every endpoint, asked by everybody.
@Suite(.timeLimit(.minutes(10))) struct GatewayRightsTests {
    private struct Row {
        let method: String
        let path: String
        var body: String?
        /// Of who isn't known, somebody of another namespace, one who may view, one who may edit, and an administrator.
        let statuses: [Int]
    }

    private static let people = ["other namespace", "view", "edit", "admin"]

    @Test func whoMayWhat() async throws {
        let issuer = try await TestIssuer()
        defer { issuer.remove() }
        try await GatewayBed.run("gateway-rights") { bed in
            var bed = bed
            // Who isn't known, in all the ways of that.
            var strangers: [(name: String, token: String?)] = [("nobody", nil), ("bad token", "no-token-of-anybody")]
            for flaw in TestIssuer.Flaw.allCases {
                strangers.append((flaw.rawValue, try await issuer.token("ada", groups: ["finance"], flaw: flaw)))
            }
            bed.tokens.merge(strangers.compactMap { name, token in token.map { (name, $0) } }) { $1 }
            bed.tokens["ada"] = try await issuer.token("ada", groups: ["finance"])
            try await bed.withGateway("--issuers", try issuer.settings(groups: ["finance"])) { gateway in
                // Their tokens lack nothing else: the same person is known by a good one.
                let ada = try await bed.json(gateway, "/me", as: "ada")
                #expect(ada["user"]?.string == "reports:ada")
                #expect(ada["groups"]?.array?.compactMap(\.string) == ["reports:finance"])
                let request = try await bed.json(gateway, "/requests/\(bed.namespace)/demo-1")
                let id = try #require(request["id"]?.string)
                let columns = strangers.map(\.name) + Self.people
                var lines = [
                    "| endpoint | \(columns.joined(separator: " | ")) |",
                    "|" + String(repeating: " --- |", count: columns.count + 1),
                ]
                for row in Self.rows(bed.namespace, id) {
                    var statuses: [Int] = []
                    let known: [String?] = ["stranger", "viewer", "editor", "admin"]
                    for who in strangers.map({ $0.token == nil ? nil : $0.name }) + known {
                        statuses.append(try await bed.status(gateway, row.method, row.path, as: who, row.body))
                    }
                    let path = row.path.replacing(bed.namespace, with: "NS").replacing(id, with: "ID")
                    lines.append("| \(row.method) \(path) | \(statuses.map(String.init).joined(separator: " | ")) |")
                    let expected =
                        Array(repeating: row.statuses[0], count: strangers.count) + row.statuses.dropFirst()
                    #expect(statuses == expected, "\(row.method) \(path)")
                }
                print(lines.joined(separator: "\n"))
                // A stream of it would go on.
                for (name, _) in strangers {
                    let who = name == "nobody" ? nil : name
                    #expect(try await bed.status(gateway, "GET", "/events", as: who) == 401, "\(name)")
                }
                // Nobody is locked out by those who tried.
                #expect(try await bed.status(gateway, "GET", "/me", as: "ada") == 200)
                // The lists of somebody who may see nothing there are empty.
                for kind in ["requests", "pipelines", "schedules", "deliveries"] {
                    let list = try await bed.json(gateway, "/\(kind)", as: "stranger")
                    #expect(list["items"]?.array?.isEmpty == true, "\(kind)")
                    let named = try await bed.json(gateway, "/\(kind)?namespace=\(bed.namespace)", as: "stranger")
                    #expect(named["items"]?.array?.isEmpty == true, "\(kind)")
                }
            }
        }
    }

    private static func rows(_ ns: String, _ id: String) -> [Row] {
        // What somebody may not see looks as if it weren't there, and the same for a name that nothing has.
        let seen = [401, 404, 200, 200, 200]
        let wish = #"{"namespace": "\#(ns)", "pipeline": "demo", "parameters": {"period": "2026-10"}}"#
        let schedule =
            #"{"namespace": "\#(ns)", "name": "new", "schedule": "0 6 1 * *", "pipeline": "demo", "#
            + #""parameters": {"period": "2026-10"}}"#
        let replacement =
            #"{"schedule": "0 7 1 * *", "pipeline": "demo", "parameters": {"period": "2026-10"}}"#
        // Of lists each sees her own part.
        let all = [401, 200, 200, 200, 200]
        // What isn't there yet is nothing to those who may see it, either.
        let none = [401, 404, 404, 404, 404]
        return [
            Row(method: "GET", path: "/me", statuses: all),
            Row(method: "GET", path: "/pipelines", statuses: all),
            Row(method: "GET", path: "/requests", statuses: all),
            Row(method: "GET", path: "/schedules", statuses: all),
            Row(method: "GET", path: "/deliveries", statuses: all),
            Row(method: "GET", path: "/channels?namespace=\(ns)", statuses: all),
            Row(method: "GET", path: "/rows?namespace=\(ns)&pipeline=demo&since=2026-01-01T00:00:00Z", statuses: seen),
            Row(method: "GET", path: "/pipelines/\(ns)/demo/latest/rows", statuses: none),
            Row(method: "GET", path: "/pipelines/\(ns)/demo/latest/files/pdf", statuses: none),
            Row(method: "GET", path: "/reports/\(id)/logs/extract", statuses: none),
            Row(method: "GET", path: "/pipelines/\(ns)/demo", statuses: seen),
            Row(method: "GET", path: "/pipelines/\(ns)/none", statuses: [401, 404, 404, 404, 404]),
            Row(method: "GET", path: "/requests/\(ns)/demo-1", statuses: seen),
            Row(method: "GET", path: "/requests/\(ns)/none", statuses: [401, 404, 404, 404, 404]),
            Row(method: "GET", path: "/schedules/\(ns)/monthly", statuses: seen),
            Row(method: "GET", path: "/reports/\(id)", statuses: seen),
            Row(method: "GET", path: "/reports/none", statuses: [401, 404, 404, 404, 404]),
            Row(method: "GET", path: "/reports/\(id)/events", statuses: seen),
            Row(method: "GET", path: "/reports/\(id)/rows", statuses: [401, 404, 404, 404, 404]),
            Row(method: "GET", path: "/reports/\(id)/files/pdf", statuses: [401, 404, 404, 404, 404]),
            Row(method: "GET", path: "/queue", statuses: [401, 200, 200, 200, 200]),
            Row(
                method: "GET", path: "/schedules/preview?schedule=0%206%201%20*%20*",
                statuses: [401, 200, 200, 200, 200]),
            Row(method: "POST", path: "/requests", body: wish, statuses: [401, 403, 403, 201, 201]),
            Row(
                method: "PATCH", path: "/requests/\(ns)/demo-1", body: #"{"priority": 3}"#,
                statuses: [401, 404, 403, 200, 200]),
            Row(method: "POST", path: "/schedules", body: schedule, statuses: [401, 403, 403, 201, 409]),
            Row(
                method: "PATCH", path: "/schedules/\(ns)/monthly", body: #"{"suspend": true}"#,
                statuses: [401, 404, 403, 200, 200]),
            Row(
                method: "PUT", path: "/schedules/\(ns)/monthly", body: replacement,
                statuses: [401, 404, 403, 200, 200]),
            // The operator isn't here to have made it ready.
            Row(method: "POST", path: "/schedules/\(ns)/monthly/run-now", statuses: [401, 404, 409, 409, 409]),
            Row(
                method: "POST", path: "/deliveries", body: #"{"report": "\#(id)"}"#,
                statuses: [401, 404, 403, 409, 409]),
            Row(method: "POST", path: "/requests/\(ns)/demo-1/retry", statuses: [401, 404, 409, 409, 409]),
            Row(method: "DELETE", path: "/schedules/\(ns)/new", statuses: [401, 404, 403, 204, 404]),
            Row(method: "POST", path: "/requests/\(ns)/demo-1/cancel", statuses: [401, 404, 403, 202, 202]),
            Row(method: "DELETE", path: "/requests/\(ns)/demo-1", statuses: [401, 404, 403, 204, 404]),
            Row(method: "PUT", path: "/requests/\(ns)/demo-1", statuses: [405, 405, 405, 405, 405]),
            Row(method: "GET", path: "/nothing", statuses: [404, 404, 404, 404, 404]),
        ]
    }
}
