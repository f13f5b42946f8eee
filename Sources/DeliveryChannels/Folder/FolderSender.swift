import AsyncSupport
import DeliveryPlanning
import Digests
import FoundationEssentials
import Glibc
package import ReportAPI
import ReportLayout
import Synchronization

/// Puts a report's files into a volume that is mounted in the courier, such as an NFS or SMB share.
///
/// Each is written under a hidden name beside its place, brought to the disk and renamed, so that a reader finds the whole
/// file or none. A try that finds the same bytes there has nothing to do. A later resend of the report replaces its files.
/// A run that failed leaves a text such as `trial-balance-0b8f12aa-failed.txt`, which goes once its files are there.
package struct FolderSender: ChannelSender {
    private let volume: Volume
    private let path: ChannelPath
    private let mayReplace: Bool
    // A file server that hangs holds its threads.
    private let workers = WorkerThreads(named: "folder", limit: 4)

    /// `mayBeContainersOwn`: whether a folder will do that is lost with the container, for tests.
    package init(
        _ spec: ReportChannelSpec, secrets: ChannelSecrets = ChannelSecrets(), mayBeContainersOwn: Bool = false
    ) throws(ChannelFault) {
        guard let folder = spec.folder else { throw ChannelFault("spec.folder: is required for type Folder") }
        volume = Volume(path: folder.volume, mayBeContainersOwn: mayBeContainersOwn)
        switch Result(catching: { () throws(PlaceholderText.Fault) in try ChannelPath(folder.path) }) {
        case .success(let path): self.path = path
        case .failure(let fault): throw ChannelFault("spec.folder.path: \(fault)")
        }
        // What is in a folder of the report's own is the report's.
        mayReplace = folder.overwrite == true || path.names.contains("report")
    }

    /// The same files come to the same place.
    package var repeatsHarmlessly: Bool { true }

    package func send(
        _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        let cutoff = Cutoff(deadline)
        let failed = ChannelPath.noticeName(of: dispatch.report, ending: "failed")
        let write = FolderWrite(
            volume: volume, segments: path.segments(of: dispatch.report), items: Self.items(of: dispatch),
            obsolete: dispatch.run.phase == .succeeded ? failed : nil, mayReplace: mayReplace,
            temporaryPrefix: ".report-\(SHA256.of(dispatch.id.utf8).prefix(16))-", mayBegin: mayBegin, cutoff: cutoff)
        let late = SendOutcome.deferred(words: "\(volume.path) did not answer in time", after: nil)
        return await perform(until: deadline, cutoff, late: late) { write.run() }
    }

    /// Writes a hidden file to the volume, takes it away again, and says how much room there is.
    package func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial {
        let late = ChannelTrial.unreachable(words: "\(volume.path) did not answer in time")
        return await perform(until: deadline, Cutoff(deadline), late: late) { [volume] in
            switch Result(catching: { () throws(FolderFault) in try Self.trial(volume) }) {
            case .success(let words): .works(words: words)
            case .failure(let fault): fault.trial
            }
        }
    }

    private static func trial(_ volume: Volume) throws(FolderFault) -> String {
        let folder = try volume.folder([])
        let free = volume.freeBytes().map { ", with \(size($0)) free" } ?? ""
        // One of a courier that tries at the same time, or was killed meanwhile, will do.
        let file = try folder.create(trialName, isExclusive: false)
        defer { folder.remove(trialName) }
        let bytes = [UInt8](repeating: 0x20, count: 4096)
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(FolderFault) in try folder.write(bytes, to: file, trialName) }
        }
        try result.get()
        try folder.sync(file, trialName)
        return "\(volume.path) can be written to\(free)"
    }

    private static let trialName = ".report-courier-trial"

    private static func items(of dispatch: Dispatch) -> [FolderWrite.Item] {
        guard !dispatch.files.isEmpty else {
            let text = FolderNotice.text(of: dispatch)
            return [FolderWrite.Item(name: FolderNotice.name(of: dispatch), content: .bytes(text))]
        }
        return dispatch.files.map { file in
            FolderWrite.Item(
                name: file.name, content: .file(path: file.path, size: file.size, sha256: file.sha256))
        }
    }

    /// `12.3 GiB`, rounded down.
    private static func size(_ bytes: UInt64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var (tenths, unit) = (bytes.multipliedReportingOverflow(by: 10).overflow ? .max : bytes * 10, 0)
        while tenths >= 10_240, unit < units.count - 1 {
            tenths /= 1024
            unit += 1
        }
        return unit == 0 ? "\(bytes) bytes" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }

    /// Does what blocks on a thread for it; at the deadline the answer is `late`, whatever the thread is in.
    private func perform<Answer: Sendable>(
        until deadline: ContinuousClock.Instant, _ cutoff: Cutoff, late: Answer,
        _ job: @escaping @Sendable () -> Answer
    ) async -> Answer {
        let answer = FirstAnswer<Answer>()
        // It usually sees the deadline itself, and then cleans up.
        let timer = Task {
            try await Task.sleep(until: deadline + .milliseconds(500), clock: .continuous)
            cutoff.cancel()
            answer.give(late)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.wait(continuation)
                workers.post { answer.give(job()) }
            }
        } onCancel: {
            cutoff.cancel()
        }
    }

    /// Hands on the first of several answers.
    private final class FirstAnswer<Answer: Sendable>: Sendable {
        private struct State {
            var waiter: CheckedContinuation<Answer, Never>?
            var early: Answer?
        }

        private let state = Mutex(State())

        func wait(_ waiter: CheckedContinuation<Answer, Never>) {
            let early = state.withLock { state in
                if state.early == nil { state.waiter = waiter }
                return state.early
            }
            if let early { waiter.resume(returning: early) }
        }

        func give(_ answer: Answer) {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                if state.waiter == nil { state.early = answer }
                return state.waiter
            }
            waiter?.resume(returning: answer)
        }
    }
}
