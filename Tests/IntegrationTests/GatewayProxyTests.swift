import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport
import ReportStores
import ServiceSupport
import Testing

/// The gateway at a sub-path behind a real nginx, by the lines that manifests/samples/gateway has for it.
@Suite(.timeLimit(.minutes(10))) struct GatewayProxyTests {
    private static let options = ["--base-path", "/reports", "--behind-tls", "--trusted-proxy", "127.0.0.1"]

    @Test func eventsComeAtOnceAndStreamsStayOpen() async throws {
        try await Self.withNginx { nginx, _, cluster, namespace, token in
            let stream = try nginx.follow("/reports/api/v1/events?namespace=\(namespace)", token: token)
            defer { stream.end() }
            try await stream.wait(for: "event: ready")
            try await cluster.apply(Self.request("first"), in: namespace)
            // A proxy that holds things back would wait for more of them: four to eight thousand bytes.
            try await stream.wait(for: "first", within: .seconds(10))
            // The sign of life, after 15 s in which nothing happens.
            try await stream.wait(for: "\n:\n", within: .seconds(40))
            #expect(stream.isOpen)
            try await cluster.apply(Self.request("second"), in: namespace)
            try await stream.wait(for: "second", within: .seconds(10))
        }
    }

    @Test func allOfItStandsUnderThePathAndIsMeantForHTTPS() async throws {
        let page = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: page, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: page) }
        try Data(#"<!doctype html><base href="/"><title>Reports</title>"#.utf8)
            .write(to: page.appending(path: "index.html"))
        try await Self.withNginx(["--page", page.path]) { nginx, gateway, _, namespace, token in
            let bare = try await nginx.get("/reports")
            #expect(bare.status == 308 && bare.headers["location"] == "/reports/")
            let index = try await nginx.get("/reports/")
            #expect(index.status == 200 && index.body.contains(#"<base href="/reports/""#), "\(index.body)")
            #expect(index.headers["strict-transport-security"] == "max-age=31536000")
            #expect(try await nginx.get("/reports/history").body == index.body)
            let me = try await nginx.get("/reports/api/v1/me", token: token)
            #expect(me.status == 200 && me.json?["user"]?.string == "system:serviceaccount:\(namespace):reader")
            let made = try await nginx.get(
                "/reports/api/v1/requests", method: "POST", token: token,
                json: #"{"namespace": "\#(namespace)", "pipeline": "monthly", "name": "asked"}"#)
            #expect(made.status == 201, "\(made.body)")
            #expect(try await nginx.get("/api/v1/me", token: token).status == 404)
            #expect(try await WebAnswer.get(gateway.url("/api/v1/me"), token: token).status == 404)
            let endless = String(repeating: "x", count: (1 << 20) + 1024)
            let file = page.appending(path: "endless")
            try Data(endless.utf8).write(to: file)
            let refused = try await nginx.get(
                "/reports/api/v1/requests", method: "POST", token: token, "--data-binary", "@\(file.path)")
            #expect(refused.status == 413)
        }
    }

    @Test func onlyTheProxySaysWhereSomebodyIs() async throws {
        try await Self.withNginx { nginx, gateway, _, _, token in
            let lie = "X-Forwarded-For: 192.0.2.66"
            _ = try await nginx.get(
                "/reports/api/v1/me", token: token, "--interface", "127.0.0.2", "--header", lie)
            try await gateway.waitForLine("Answered", "path=/reports/api/v1/me", "client=127.0.0.2")
            _ = try await WebAnswer.get(
                gateway.url("/reports/api/v1/me"), token: token,
                options: ["--interface", "127.0.0.3", "--header", lie])
            try await gateway.waitForLine("Answered", "path=/reports/api/v1/me", "client=127.0.0.3")
            #expect(!gateway.log.contains("192.0.2.66"))
        }
    }

    @Test func partsOfFilesPass() async throws {
        try await DeliveryBed.run("gateway-proxy") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.cluster.apply(GatewayRole.people(in: bed.namespace), in: bed.namespace)
            let token = try await GatewayRole.token(bed.cluster, of: "reader", in: bed.namespace)
            // What it needs of MongoDB: what people have.
            let gateway = try GatewayProcess(
                uri: try bed.outside.services.value("MONGODB_READER_URI"), database: bed.outside.records.database,
                options: Self.options + ["--courier-namespace", bed.courierNamespace])
            defer { gateway.end() }
            try await gateway.waitUntilServing()
            let nginx = try await Nginx(gateway: gateway.port)
            defer { nginx.end() }
            let path = "/reports/api/v1/reports/\(try await bed.record(rows: 40))/files/csv"
            let whole = try await nginx.get(path, token: token)
            #expect(whole.status == 200, "\(whole.body)")
            let (tag, size) = (try #require(whole.headers["etag"]), whole.body.utf8.count)
            #expect(size > 100 && whole.headers["content-length"] == "\(size)")
            let part = try await nginx.get(path, token: token, "--header", "Range: bytes=10-29")
            #expect(part.status == 206 && part.headers["content-range"] == "bytes 10-29/\(size)")
            #expect(Array(part.body.utf8) == Array(whole.body.utf8)[10..<30].map(\.self))
            let end = try await nginx.get(
                path, token: token, "--header", "Range: bytes=-5", "--header", "If-Range: \(tag)")
            #expect(end.status == 206 && Array(end.body.utf8) == Array(whole.body.utf8.suffix(5)))
            let same = try await nginx.get(path, token: token, "--header", "If-None-Match: \(tag)")
            #expect(same.status == 304)
            let beyond = try await nginx.get(path, token: token, "--header", "Range: bytes=\(size)-")
            #expect(beyond.status == 416)
        }
    }

    // MARK: Beds

    private static func withNginx(
        _ more: [String] = [],
        _ body: (Nginx, GatewayProcess, LiveCluster, _ namespace: String, _ token: String) async throws -> Void
    ) async throws {
        let cluster = try LiveCluster()
        try await cluster.withNamespace { namespace in
            try await cluster.apply(GatewayRole.people(in: namespace), in: namespace)
            let token = try await GatewayRole.token(cluster, of: "reader", in: namespace)
            let gateway = try GatewayProcess(options: options + ["--courier-namespace", namespace] + more)
            defer { gateway.end() }
            try await gateway.waitUntilServing()
            let nginx = try await Nginx(gateway: gateway.port)
            defer { nginx.end() }
            try await body(nginx, gateway, cluster, namespace, token)
        }
    }

    private static func request(_ name: String) -> String {
        """
        apiVersion: reports.ers.dev/v1
        kind: ReportRequest
        metadata: {name: \(name)}
        spec: {pipelineRef: {name: monthly}}
        """
    }
}
