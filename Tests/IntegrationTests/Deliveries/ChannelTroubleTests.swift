import ChannelServers
import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// Channels that don't work, may not be used, or come late; and files that can't be made.
@Suite(.timeLimit(.minutes(10))) struct ChannelTroubleTests {
    @Test func aChannelThatBreaksStopsWhatGoesThroughItUntilItIsMended() async throws {
        try await DeliveryBed.run("breaks") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            try await bed.cluster.wait(for: ReportChannel.self, "files", in: bed.courierNamespace, "works") {
                $0?.status?.ready?.status == "True"
            }
            try FileManager.default.removeItem(at: bed.folder)
            let (kept, deleted) = (try await bed.record(), try await bed.record())
            try await bed.deliver([
                ("kept", "{reportID: \(kept), channel: files, formats: [csv]}"),
                ("deleted", "{reportID: \(deleted), channel: files, formats: [csv]}"),
            ])
            try await bed.cluster.wait(for: ReportChannel.self, "files", in: bed.courierNamespace, "is broken") {
                $0?.status?.ready?.status == "False" && $0?.status?.ready?.message.contains(bed.folder.path) == true
            }
            for name in ["kept", "deleted"] {
                try await bed.wait(for: name, "says what is wrong") {
                    $0.status?.message?.contains("channel files doesn't work: ") == true
                        || $0.status?.message?.contains("next try at") == true
                }
            }
            // In the middle: what was tried, and what was not.
            try await bed.cluster.kubectl("delete", "reportdelivery", "deleted", "--wait=false", "-n", bed.namespace)
            try await bed.cluster.wait(for: ReportDelivery.self, "deleted", in: bed.namespace, "gone") { $0 == nil }
            try FileManager.default.createDirectory(at: bed.folder, withIntermediateDirectories: true)
            let done = try await bed.waitForEnd(of: "kept", within: .seconds(120))
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "")")
            let files = try bed.files()
            #expect(files.count == 1 && files[0].contains(kept), "\(files)")
            let copies = try await bed.copies(ofReport: deleted)
            #expect(copies.allSatisfy { $0.phase == .cancelled }, "\(copies)")
            try await eventually("nothing is kept: \(courier.keptFiles)") { courier.keptFiles.isEmpty }
            try await bed.cluster.wait(for: ReportChannel.self, "files", in: bed.courierNamespace, "works again") {
                $0?.status?.ready?.status == "True"
            }
        }
    }

    @Test func aSecretThatComesLateIsMet() async throws {
        try await DeliveryBed.run("late-secret") { bed in
            let receiver = try WebhookReceiver(keys: [DeliveryBed.webhookKey])
            defer { receiver.stop() }
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createWebhook(port: receiver.port, withKey: false)
            try await bed.deliver("hooked", "{reportID: \(try await bed.record()), channel: hook}")
            try await bed.wait(for: "hooked", "says which Secret is missing") {
                $0.status?.message?.contains("there is no Secret \"key\"") == true
            }
            // One of another type is none.
            try await bed.cluster.kubectl(
                "create", "secret", "generic", "key", "-n", bed.courierNamespace, "--from-literal=key=whsec_a2V5")
            try await bed.cluster.kubectl("delete", "secret", "key", "-n", bed.courierNamespace)
            #expect(
                try await bed.cluster.client.get(ReportChannel.self, name: "hook", namespace: bed.courierNamespace)
                    .status?.ready?.message.contains("there is no Secret \"key\"") == true)
            try await bed.cluster.kubectl(
                "create", "secret", "generic", "key", "-n", bed.courierNamespace,
                "--type=\(ReportsAPI.channelSecretType)", "--from-literal=key=\(DeliveryBed.webhookKey)")
            // Nobody touches the channel, and nobody starts anything anew.
            try await bed.cluster.wait(for: ReportChannel.self, "hook", in: bed.courierNamespace, "is Ready") {
                $0?.status?.ready?.status == "True"
            }
            let done = try await bed.waitForEnd(of: "hooked")
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "")")
            #expect(try await receiver.wait(for: 1).map(\.verified) == [[true]])
        }
    }

    @Test func nobodyIsServedBeyondTheirNamespace() async throws {
        try await DeliveryBed.run("beyond") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            try await bed.cluster.apply(
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportChannel
                metadata: {name: others}
                spec:
                  type: Folder
                  allowedNamespaces: {matchLabels: {team: others}}
                  folder: {volume: \(bed.folder.path), path: "{namespace}/{report}"}
                """, in: bed.courierNamespace)
            let (own, foreign) = (try await bed.record(), try await bed.record(in: bed.courierNamespace))
            try await bed.deliver([
                ("foreign", "{reportID: \(foreign), channel: files, formats: [csv]}"),
                ("uninvited", "{reportID: \(own), channel: others, formats: [csv]}"),
            ])
            let refused = try await bed.waitForEnd(of: "uninvited")
            #expect(refused.status?.phase == .failed)
            #expect(refused.status?.conditions?.map(\.reason) == [Reason.namespaceNotAllowed])
            #expect(refused.status?.message?.contains("doesn't take reports of the namespace \(bed.namespace)") == true)
            try await bed.wait(for: "foreign", "doesn't find it") {
                $0.status?.message?.contains("there is no report \"\(foreign)\" in the namespace \(bed.namespace)")
                    == true
            }
            #expect(try bed.files().isEmpty)
        }
    }

    @Test func aFileThatTakesTooMuchFailsAloneAndSaysWhatToDo() async throws {
        try await DeliveryBed.run("too-much") { bed in
            try await bed.createFolder()
            let large = try await bed.record(rows: 120_000)
            for (name, option, value) in [("memory", "--render-memory", "32"), ("time", "--render-seconds", "1")] {
                let courier = try bed.courier(option, value)
                defer { courier.end() }
                try await bed.deliver([
                    (
                        "\(name)-file",
                        "{reportID: \(large), channel: files, formats: [pdf], ttlSecondsAfterFinished: 3600}"
                    ),
                    ("\(name)-notice", "{reportID: \(large), channel: files, attach: never}"),
                ])
                let failed = try await bed.waitForEnd(of: "\(name)-file", within: .seconds(120))
                #expect(failed.status?.phase == .failed)
                #expect(failed.status?.conditions?.map(\.reason) == [Reason.fileNotMade])
                #expect(
                    failed.status?.message?.contains("a higher \(option)") == true, "\(failed.status?.message ?? "")")
                let notice = try await bed.waitForEnd(of: "\(name)-notice")
                #expect(notice.status?.phase == .delivered, "\(notice.status?.message ?? "")")
                #expect(courier.isRunning)
                try await eventually("nothing is kept: \(courier.keptFiles)") { courier.keptFiles.isEmpty }
            }
        }
    }
}
