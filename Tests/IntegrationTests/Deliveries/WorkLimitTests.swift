import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Testing

/// A courier that may keep little on its disk.
@Suite(.timeLimit(.minutes(5))) struct WorkLimitTests {
    /// What waits for a channel that is away keeps nobody else's files from the disk, and is fetched again when its turn comes.
    @Test func filesOfAChannelThatIsAwayMakeRoomForOthers() async throws {
        try await DeliveryBed.run("work-limit") { bed in
            let courier = try bed.courier("--work-limit", "1Mi")
            defer { courier.end() }
            let away = bed.folder.appending(path: "away")
            try FileManager.default.createDirectory(at: away, withIntermediateDirectories: true)
            try await bed.createFolder()
            try await bed.cluster.apply(
                """
                apiVersion: reports.ers.dev/v1
                kind: ReportChannel
                metadata: {name: away}
                spec:
                  type: Folder
                  allowedNamespaces: {}
                  folder: {volume: \(away.path), path: "{namespace}/{report}"}
                """, in: bed.courierNamespace)
            try await bed.waitUntilChannelsWork()
            try FileManager.default.removeItem(at: away)
            // Some 700 KiB each as CSV.
            let (waiting, other, huge) = (
                try await bed.record(rows: 7000, padding: 90), try await bed.record(rows: 7000, padding: 90),
                try await bed.record(rows: 20_000, padding: 90)
            )
            try await bed.deliver("waiting", "{reportID: \(waiting), channel: away, formats: [csv]}")
            try await bed.wait(for: "waiting", "its channel is away") { ($0.status?.attempts ?? 0) > 0 }
            #expect(courier.keptFiles.count == 1)
            try await bed.deliver([
                ("other", "{reportID: \(other), channel: files, formats: [csv]}"),
                ("huge", "{reportID: \(huge), channel: files, formats: [csv]}"),
            ])
            let done = try await bed.waitForEnd(of: "other")
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "") \(courier.log.suffix(2000))")
            let refused = try await bed.waitForEnd(of: "huge")
            #expect(refused.status?.conditions?.first?.reason == Reason.fileNotMade)
            #expect(refused.status?.message?.contains("keeps at most 1024 KiB while files are sent") == true)
            try FileManager.default.createDirectory(at: away, withIntermediateDirectories: true)
            let late = try await bed.waitForEnd(of: "waiting", within: .seconds(120))
            #expect(late.status?.phase == .delivered, "\(late.status?.message ?? "")")
            #expect(try bed.files().count == 2)
            try await eventually("nothing is kept: \(courier.keptFiles)") { courier.keptFiles.isEmpty }
        }
    }
}
