import ClusterSupport
import Foundation
import HTTPTransport
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ServiceSupport
import Testing

/// What works while something else is away, and that the rest comes back by itself.
@Suite(.timeLimit(.minutes(15))) struct GatewayOutageTests {
    @Test func whatIsLiveIsToldWithoutTheRecord() async throws {
        try await GatewayBed.run("gateway-record") { bed in
            try await bed.withGateway { gateway in
                let before = try await bed.json(gateway, "/requests")
                #expect(before["recordAvailable"] == .bool(true))
                let id = try #require(before["items"]?.array?.first?["id"]?.string)
                try await bed.outside.services.kill(.mongodb)
                try await eventually("the list says that the record is away") {
                    let list = try await bed.json(gateway, "/requests")
                    #expect(list["items"]?.array?.count == 1)
                    return list["recordAvailable"] == .bool(false) && list["notice"]?.string != nil
                }
                #expect(
                    try await bed.json(gateway, "/reports/\(id)")["deliveryNotice"]?.string?.contains("record") == true)
                #expect(
                    try await bed.json(gateway, "/deliveries?report=\(id)")["notice"]?.string?.contains("record")
                        == true)
                let events = try await bed.ask(gateway, "GET", "/reports/\(id)/events")
                #expect(events.status == 503)
                #expect(events.headers["Retry-After"] == "5")
                #expect(events.headers["Content-Type"] == "application/problem+json")
                #expect(try await bed.status(gateway, "GET", "/reports/\(id)/rows") == 503)
                #expect(try await bed.status(gateway, "POST", "/requests", bed.wish("meanwhile")) == 201)
                try await bed.outside.services.start(.mongodb)
                try await eventually("the record is back", within: .seconds(120), every: .milliseconds(100)) {
                    try await bed.json(gateway, "/requests")["recordAvailable"] == .bool(true)
                }
                #expect(try await bed.status(gateway, "GET", "/reports/\(id)/events") == 200)
                #expect(try await bed.json(gateway, "/reports/\(id)")["deliveryNotice"] == nil)
            }
        }
    }

    @Test func theAPIServerComesBack() async throws {
        try await OwnCluster.run("gateway") { own in
            try await own.applyDefinitions()
            try await GatewayBed.run("gateway-server", in: own.live) { bed in
                try await bed.withGateway { gateway in
                    let reader = EventReader(bed, [gateway.api], as: "viewer")
                    defer { reader.end() }
                    try await reader.waitUntilReady()
                    #expect(try await bed.status(gateway, "GET", "/requests") == 200)
                    try await own.killServer()
                    // Who she is, and what she may, was asked a moment ago.
                    #expect(try await bed.status(gateway, "GET", "/requests") == 200)
                    let made = try await bed.status(gateway, "POST", "/requests", bed.wish("away"))
                    #expect([502, 503, 504].contains(made))
                    try await own.startServer()
                    try await eventually("requests are made again", within: .seconds(120), every: .milliseconds(200)) {
                        [201, 409].contains(try await bed.status(gateway, "POST", "/requests", bed.wish("back")))
                    }
                    try await eventually("and told: \(reader.events.all)", within: .seconds(120)) {
                        reader.names("request").contains("back") || reader.events.all.contains { $0.name == "reset" }
                    }
                }
            }
        }
    }
}
