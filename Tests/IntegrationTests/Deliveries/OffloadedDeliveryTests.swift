import ClusterSupport
import Digests
import Foundation
import KubernetesModel
import Logging
import LoopbackSupport
import MongoClient
import ReportAPI
import ReportStores
import ServiceSupport
import Testing
import YAMLCoding

/// A report that went into the archive, and is sent again.
@Suite(.timeLimit(.minutes(5))) struct OffloadedDeliveryTests {
    @Test func itComesBackWhereTheCourierHasTheArchiveAndElseItIsSaidWhereItIs() async throws {
        try await DeliveryBed.run("offloaded-delivery") { bed in
            let client = MongoClient(
                try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: archive) }
            try await bed.createFolder()
            let id = try await bed.record(rows: 3)
            try await bed.outside.offload(id, to: archive, client)
            let spec = "{reportID: \(id), channel: files, formats: [csv, json]}"

            let without = try bed.courier()
            defer { without.end() }
            try await bed.waitUntilChannelsWork()
            try await bed.deliver("first", spec)
            let refused = try await bed.waitForEnd(of: "first")
            #expect(refused.status?.conditions?.first?.reason == Reason.offloaded)
            #expect(refused.status?.message?.contains("reportctl archive restore \(id)") == true)
            #expect(try bed.files().isEmpty)
            without.end()

            let courier = try bed.courier("--archive", archive.path)
            defer { courier.end() }
            try await bed.deliver("second", spec)
            let done = try await bed.waitForEnd(of: "second")
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "") \(courier.log.suffix(2000))")
            #expect(try bed.files().count == 2)
            let marked = try await client.collection("report_results", in: bed.outside.records.database)
                .count(["_id": .string(id), "offloaded": ["$exists": true]])
            #expect(marked == 0)
        }
    }

    /// What the manifests give a courier is all that it needs for an encrypted archive in a bucket.
    @Test func itComesBackFromABucketByWhatTheManifestsGive() async throws {
        try await DeliveryBed.run("offloaded-bucket") { bed in
            let server = try S3Server()
            let key = bed.folder.path + "-identity.txt"
            defer { try? FileManager.default.removeItem(atPath: key) }
            try await Command.run(["age-keygen", "-o", key])
            let identity = try #require(AgeIdentity.all(in: try String(contentsOfFile: key, encoding: .utf8))?.first)
            // As docs/archive.md makes the Secrets.
            var secret = server.environment
            secret["ARCHIVE"] = "s3://reports/archive"
            let given = try await Self.given()
            #expect(given.environment == ["report-archive-bucket"])
            #expect(given.mount == "/etc/report-courier/archive" && given.secret == "report-archive-identity")
            let options = given.options.map {
                $0.replacing("$(ARCHIVE)", with: "s3://reports/archive")
                    .replacing("/etc/report-courier/archive/identity.txt", with: key)
            }
            #expect(options == ["--archive=s3://reports/archive", "--archive-identity=\(key)"])

            let client = MongoClient(
                try MongoURI(try bed.outside.services.value("MONGODB_ADMIN_URI")), logger: Logger(label: "test"))
            try await bed.createFolder()
            let id = try await bed.record(rows: 3)
            try await bed.outside.offload(
                id, to: "s3://reports/archive", client, key: (identity.recipient.description, key), environment: secret)
            let courier = try bed.courier(options: options, environment: secret)
            defer { courier.end() }
            try await bed.waitUntilChannelsWork()
            try await bed.deliver("again", "{reportID: \(id), channel: files, formats: [csv]}")
            let done = try await bed.waitForEnd(of: "again")
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "") \(courier.log.suffix(2000))")
            #expect(try bed.files().count == 1)
        }
    }

    /// What both components give a courier.
    private struct Given {
        let options: [String]
        /// The Secrets whose members are variables.
        let environment: [String?]
        /// Where the Secret with the key is seen, and its name.
        let mount: String?
        let secret: String?
    }

    private static func given() async throws -> Given {
        let folder = FileManager.default.temporaryDirectory.appending(path: "overlay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let upwards = String(repeating: "../", count: folder.pathComponents.count - 1)
        func path(_ name: String) -> String {
            upwards + LiveCluster.root.appendingPathComponent("manifests/\(name)").path.dropFirst()
        }
        let text = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [\(path("courier"))]
            components: [\(path("components/courier-archive-bucket")), \(path("components/courier-archive-identity"))]

            """
        try Data(text.utf8).write(to: folder.appending(path: "kustomization.yaml"))
        let objects = try YAMLDecoder().decodeAll(
            JSONValue.self, from: Data(try await Command.run(["kubectl", "kustomize", folder.path]).utf8))
        let pod = try #require(objects.first { $0["kind"]?.string == "Deployment" }?["spec"]?["template"]?["spec"])
        let container = try #require(pod["containers"]?.array?.first)
        let mount = container["volumeMounts"]?.array?.first { $0["name"]?.string == "archive-identity" }
        let volume = pod["volumes"]?.array?.first { $0["name"]?.string == "archive-identity" }
        #expect(mount?["readOnly"] == .bool(true))
        return Given(
            options: (container["args"]?.array ?? []).compactMap(\.string).filter { $0.hasPrefix("--archive") },
            environment: (container["envFrom"]?.array ?? []).map { $0["secretRef"]?["name"]?.string },
            mount: mount?["mountPath"]?.string,
            secret: volume?["secret"]?["secretName"]?.string)
    }
}
