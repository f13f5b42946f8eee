import DeliveryChannels
import Digests
import Foundation
import KubernetesModel
import ReportAPI
import ReportLayout

/// Copies of reports for tests of channels.
enum Copies {
    static let id = "d5f0c1e2-7a77-4a65-8a0c-0f6f0d1f7b11"

    /// One of a run that ended as `phase`, with these files.
    static func one(
        _ files: [Dispatch.File] = [], phase: ReportRequestStatus.Phase = .succeeded, id: String = id,
        parameters: JSONObject = ["period": .string("2026-10"), "limit": .decimal("0.10")]
    ) -> Dispatch {
        let published = Timestamp(seconds: 1_793_426_400)
        let report = ReportIdentity(
            reportID: "0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d", namespace: "finance", name: "october",
            pipeline: "trial-balance", attempt: 1, publishedAt: published, asOf: published, parameters: parameters)
        var run = Dispatch.Run(attempt: 1, phase: phase)
        run.completedAt = published.date
        if phase == .succeeded {
            run.asOf = published.adding(-60).date
            run.rows = 89
        } else {
            run.reason = "StageFailed"
            run.message = "Stage \"query\" failed: no route to the ERP"
        }
        var copy = Dispatch(
            id: id, report: report, run: run, title: "Trial balance 2026-10", createdAt: published.adding(5).date)
        copy.files = files
        return copy
    }

    /// A file on the disk, in a folder of its own, which the caller removes.
    static func file(
        _ content: Data, name: String = "trial-balance-0b8f12aa.pdf", format: OutputFormat = .pdf
    ) throws -> Dispatch.File {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("copy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("file").path
        try content.write(to: URL(fileURLWithPath: path))
        return Dispatch.File(
            format: format, name: name, path: path, size: content.count, sha256: SHA256.of(content))
    }

    static func remove(_ files: [Dispatch.File]) {
        for file in files {
            let folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
            try? FileManager.default.removeItem(at: folder)
        }
    }

    /// That many bytes that don't repeat soon.
    static func bytes(_ count: Int) -> Data {
        var state: UInt64 = 88_172_645_463_325_252
        var data = Data(capacity: count)
        while data.count < count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            withUnsafeBytes(of: state) { data.append(contentsOf: $0) }
        }
        return data.prefix(count)
    }
}
