import ClusterSupport
import Foundation
import HTTPTransport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// Every change reaches those who may see it, and nobody else.
@Suite(.timeLimit(.minutes(10))) struct GatewayEventTests {
    @Test func everyChangeArrivesWhereItMayBeSeen() async throws {
        try await GatewayBed.run("gateway-events") { bed in
            try await bed.withGateway { gateway in
                let viewer = EventReader(bed, [gateway.api], as: "viewer")
                let stranger = EventReader(bed, [gateway.api], as: "stranger")
                defer { viewer.end() }
                defer { stranger.end() }
                try await viewer.waitUntilReady()
                try await stranger.waitUntilReady()
                for number in 1...10 {
                    #expect(try await bed.status(gateway, "POST", "/requests", bed.wish("e\(number)")) == 201)
                }
                #expect(try await bed.status(gateway, "DELETE", "/requests/\(bed.namespace)/e1") == 204)
                try await bed.cluster.kubectl(
                    "-n", bed.namespace, "patch", "reportpipeline", "demo", "--type=merge", "-p",
                    #"{"spec": {"title": "Other"}}"#)
                try await eventually("all of it is told: \(viewer.events.all)") {
                    viewer.names("request").count == 10 && viewer.names("deleted") == ["e1"]
                        && viewer.names("pipeline") == ["demo"]
                }
                #expect(stranger.events.all.map(\.name) == ["ready"])

                // A client that was cut off goes on at another replica, which has begun later.
                let last = try #require(viewer.events.all.last?.id)
                viewer.end()
                try await bed.withGateway { other in
                    #expect(try await bed.status(gateway, "POST", "/requests", bed.wish("later")) == 201)
                    let again = EventReader(bed, [other.api], as: "viewer", after: last)
                    defer { again.end() }
                    try await eventually("what came meanwhile, or that something did: \(again.events.all)") {
                        again.names("request").contains("later") || again.events.all.contains { $0.name == "reset" }
                    }
                }
            }
        }
    }

    /// Two replicas are restarted one after the other while requests are made. No change is lost: each is told, or a reset is,
    /// after which everything is loaded again.
    @Test func aRollingRestartLosesNothing() async throws {
        try await GatewayBed.run("gateway-rolling") { bed in
            var gateways = [try await bed.gateway(), try await bed.gateway()]
            defer { for gateway in gateways { gateway.end() } }
            let reader = EventReader(bed, gateways.map(\.api), as: "viewer")
            defer { reader.end() }
            try await reader.waitUntilReady()
            let (made, isOver) = (Recorder<String>(), Flag())
            let writer = Task {
                while !isOver.isRaised {
                    let name = "w\(made.all.count)"
                    _ = try await bed.cluster.client.create(
                        ReportRequest.self,
                        manifest: try JSONValue.yaml(
                            """
                            apiVersion: reports.ers.dev/v1
                            kind: ReportRequest
                            metadata: {name: \(name)}
                            spec: {pipelineRef: {name: demo}, parameters: {period: "2026-10"}}
                            """), namespace: bed.namespace)
                    made.append(name)
                }
            }
            for index in gateways.indices {
                let before = made.all.count
                try await eventually { made.all.count >= before + 20 }
                #expect(gateways[index].end() == 0)
                gateways[index] = try await bed.gateway(port: gateways[index].port)
            }
            let before = made.all.count
            try await eventually { made.all.count >= before + 20 }
            isOver.raise()
            try await writer.value
            let all = Set(made.all)
            try await eventually("all are told: \(all.subtracting(reader.names("request")))") {
                if all.isSubset(of: reader.names("request")) { return true }
                // What came before the last reset she has loaded again.
                guard reader.events.all.contains(where: { $0.name == "reset" }) else { return false }
                let list = try await bed.json(gateways[0], "/requests?limit=500", as: "viewer")
                let loaded = Set(list["items"]?.array?.compactMap { $0["name"]?.string } ?? [])
                return all.isSubset(of: loaded.union(reader.names("request")))
            }
            #expect(reader.statuses.all.allSatisfy { $0 == 200 })
        }
    }

    @Test func moreStreamsThanAPersonMayHaveAreRefused() async throws {
        try await GatewayBed.run("gateway-streams") { bed in
            try await bed.withGateway("--streams-per-person", "5") { gateway in
                let readers = (1...5).map { _ in EventReader(bed, [gateway.api], as: "viewer") }
                for reader in readers { try await reader.waitUntilReady() }
                #expect(try await bed.status(gateway, "GET", "/events", as: "viewer") == 429)
                // Nobody else is kept out by that.
                let other = EventReader(bed, [gateway.api], as: "editor")
                try await other.waitUntilReady()
                other.end()
                // Who leaves makes room.
                readers[0].end()
                let next = EventReader(bed, [gateway.api], as: "viewer")
                try await next.waitUntilReady()
                next.end()
                for reader in readers { reader.end() }
            }
        }
    }
}
