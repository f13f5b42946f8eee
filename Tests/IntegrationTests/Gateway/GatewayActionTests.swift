import ClusterSupport
import Foundation
import HTTPTransport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// What is asked of the gateway happens in the cluster, once.
@Suite(.timeLimit(.minutes(10))) struct GatewayActionTests {
    @Test func aRequestWithAKeyIsMadeOnce() async throws {
        try await GatewayBed.run("gateway-once") { bed in
            try await bed.withGateway { gateway in
                let key = [("Idempotency-Key", "one-two-three")]
                let answers = try await withThrowingTaskGroup(of: (Int, Data).self) { group in
                    for _ in 1...8 {
                        group.addTask {
                            let answer = try await bed.ask(
                                gateway, "POST", "/requests", bed.wish(), headers: key)
                            return (answer.status, answer.body)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.map(\.0) == Array(repeating: 201, count: 8))
                let names = try Set(
                    answers.map { try JSONValue.yaml(String(decoding: $0.1, as: UTF8.self))["name"]?.string ?? "" })
                #expect(names.count == 1)
                // Another body under the same key is a mistake; the same key of somebody else is another.
                let other = try await bed.ask(
                    gateway, "POST", "/requests", bed.wish(period: "2026-09"), headers: key)
                #expect(other.status == 422)
                let admins = try await bed.ask(gateway, "POST", "/requests", as: "admin", bed.wish(), headers: key)
                #expect(admins.status == 201)
                let all = try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace)
                #expect(all.items.count == 3)
                // Without a key each is another.
                for _ in 1...2 { #expect(try await bed.status(gateway, "POST", "/requests", bed.wish()) == 201) }
                let more = try await bed.cluster.client.list(ReportRequest.self, namespace: bed.namespace)
                #expect(more.items.count == 5)
            }
        }
    }

    @Test func requestsAndSchedulesAreMadeChangedAndDeleted() async throws {
        try await GatewayBed.run("gateway-acts") { bed in
            try await bed.withGateway { gateway in
                let (client, ns) = (bed.cluster.client, bed.namespace)
                let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
                let answer = try await bed.ask(
                    gateway, "POST", "/requests", bed.wish("mine"), headers: [("traceparent", trace)])
                #expect(answer.status == 201)
                #expect(
                    try await bed.status(gateway, "PATCH", "/requests/\(ns)/mine", #"{"priority": 7}"#) == 200)
                let made = try await client.get(ReportRequest.self, name: "mine", namespace: ns)
                #expect(made.spec.value?.priority == 7)
                #expect(made.traceParent?.description == trace)
                #expect(made.spec.value?.requester?.name == "system:serviceaccount:\(ns):editor")
                #expect(try await bed.status(gateway, "POST", "/requests/\(ns)/mine/cancel") == 202)
                #expect(
                    try await client.get(ReportRequest.self, name: "mine", namespace: ns).spec.value?.cancel == true)
                #expect(try await bed.status(gateway, "DELETE", "/requests/\(ns)/mine") == 204)
                try await bed.cluster.wait(for: ReportRequest.self, "mine", in: ns, "gone") { $0 == nil }

                let schedule =
                    #"{"namespace": "\#(ns)", "name": "new", "schedule": "0 6 1 * *", "pipeline": "demo", "#
                    + #""parameters": {"period": "2026-10"}}"#
                #expect(try await bed.status(gateway, "POST", "/schedules", schedule) == 201)
                #expect(
                    try await bed.status(gateway, "PATCH", "/schedules/\(ns)/new", #"{"suspend": true}"#) == 200)
                let there = try await client.get(ReportSchedule.self, name: "new", namespace: ns)
                #expect(there.spec.value?.suspend == true)
                let body = #"{"schedule": "30 7 * * 1", "pipeline": "demo", "parameters": {"period": "2026-09"}}"#
                #expect(try await bed.status(gateway, "PUT", "/schedules/\(ns)/new", body) == 200)
                let replaced = try await client.get(ReportSchedule.self, name: "new", namespace: ns)
                #expect(replaced.spec.value?.schedule == "30 7 * * 1")
                #expect(replaced.spec.value?.suspend != true)
                #expect(try await bed.status(gateway, "DELETE", "/schedules/\(ns)/new") == 204)
                try await bed.cluster.wait(for: ReportSchedule.self, "new", in: ns, "gone") { $0 == nil }
            }
        }
    }

    /// From page to page, while requests on pages that were read are deleted.
    @Test func aListGoesOnOverDeletions() async throws {
        try await GatewayBed.run("gateway-pages") { bed in
            try await bed.withGateway { gateway in
                for number in 1...9 {
                    #expect(try await bed.status(gateway, "POST", "/requests", bed.wish("r\(number)")) == 201)
                }
                var seen: [String] = []
                var path: String? = "/requests?limit=3"
                while let next = path {
                    let page = try await bed.json(gateway, next)
                    let names = page["items"]?.array?.compactMap { $0["name"]?.string } ?? []
                    #expect(names.count <= 3)
                    seen += names
                    if let first = names.first, first != "demo-1" {
                        _ = try await bed.status(gateway, "DELETE", "/requests/\(bed.namespace)/\(first)")
                    }
                    path = page["next"]?.string.map { "/requests?limit=3&cursor=\($0)" }
                }
                #expect(seen.count == 10)
                #expect(Set(seen) == Set((1...9).map { "r\($0)" } + ["demo-1"]))
                #expect(try await bed.status(gateway, "GET", "/requests?cursor=nonsense") == 400)
            }
        }
    }
}
