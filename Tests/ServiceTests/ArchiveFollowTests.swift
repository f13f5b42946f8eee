import ArchiveFiles
import AsyncSupport
import BSON
import ClusterSupport
import Foundation
import LoopbackSupport
import MongoClient
import ProgramSupport
import ReportArchive
import ReportStores
import ServiceSupport
import Synchronization
import TestSupport
import Testing

/// Exports that go on: each change is in the archive soon after, and each manifest is whole.
@Suite(.services(.mongodb), .serialized) struct ArchiveFollowTests {
    let bed: ArchiveBed

    init() async throws { bed = try await ArchiveBed(try .current) }

    /// What following has said so far.
    private final class Told: Sendable {
        private let state = Mutex((reports: 0, rounds: 0, held: [String]()))

        func take(_ event: ArchiveFollowing.Event) {
            state.withLock { state in
                switch event {
                case .exported(let outcome):
                    state.rounds += 1
                    state.reports += outcome.reports
                case .held(let why): state.held.append(why)
                }
            }
        }

        var reports: Int { state.withLock { $0.reports } }
        var rounds: Int { state.withLock { $0.rounds } }
        var held: [String] { state.withLock { $0.held } }
    }

    private static var quick: ArchiveFollowing.Timing {
        var timing = ArchiveFollowing.Timing()
        timing.gathering = .milliseconds(20)
        timing.pause = .milliseconds(100)
        timing.backoff = .init(first: .milliseconds(50), longest: .milliseconds(200))
        return timing
    }

    private func follow(_ told: Told, _ timing: ArchiveFollowing.Timing = Self.quick) -> Task<Void, any Error> {
        let following = ArchiveFollowing(
            bed.bench.store.archive, to: { [path = bed.path] in try ArchiveFolder(path, isToBeMade: true) },
            part: ArchivePart(), key: nil, timing: timing,
            now: { ArchiveBed.now }, onEvent: told.take)
        return Task { try await following.run() }
    }

    @Test(.timeLimit(.minutes(10))) func changesAreInTheArchiveSoonAndNoFasterThanThePause() async throws {
        try await bed.publish("r-1")
        let told = Told()
        let start = ContinuousClock.now
        let task = follow(told)
        try await eventually("what was there is exported") { told.reports == 1 }
        for number in 0..<12 { try await bed.publish("r-\(100 + number)") }
        try await eventually("what came is exported") { try await bed.bench.store.archive.isExported(to: bed, 13) }
        let reports = told.reports
        for number in 0..<12 { try await bed.change("r-\(100 + number)", progress: 5_000_000_000_000_000) }
        try await eventually("what changed is exported") { told.reports >= reports + 12 }
        let rounds = told.rounds
        let pauses = (ContinuousClock.now - start) / .milliseconds(100)
        #expect(Double(rounds) <= pauses + 1, "\(rounds) manifests in \(pauses) pauses")
        task.cancel()
        try await task.value
        let outcome = try await bed.verify()
        #expect(outcome.foot.reports == 13 && outcome.head.export >= rounds)
        // Whatever it saw in the middle of a report's writes was exported again, or is now.
        try await bed.export(sinceLast: true)
        let other = try await bed.empty()
        try await bed.load(into: other)
        #expect(try await ArchiveBed.contents(other) == (try await ArchiveBed.contents(bed.bench)))
    }

    @Test(.timeLimit(.minutes(5))) func outageAndAnotherExportAreWaitedFor() async throws {
        try await bed.publish("r-1")
        let told = Told()
        let task = follow(told)
        try await eventually("what was there is exported") { told.reports == 1 }
        let services = try LiveServices.current
        try await services.kill(.mongodb)
        try await eventually("it says so") { !told.held.isEmpty }
        try await services.start(.mongodb)
        try await retrying { try await bed.bench.client.ping() }
        try await retrying { try await bed.change("r-1") }
        try await eventually("what came after the outage is exported") { told.reports >= 2 }

        let folder = try ArchiveFolder(bed.path)
        try await eventually("the archive is free") { (try? folder.lock()) != nil }
        try await bed.change("r-1", progress: 7_000_000_000_000_000)
        try await eventually("it waits for who writes the archive") {
            told.held.contains { $0.contains("another command is writing") }
        }
        task.cancel()
        try await task.value
        withExtendedLifetime(folder) {}
        #expect(try await bed.verify().foot.reports == 1)
    }

    /// The program itself, as Kubernetes ends it.
    @Test(.timeLimit(.minutes(5))) func programStopsCleanly() async throws {
        try await bed.publish("r-1")
        let errors = URL(filePath: bed.path + "-errors.txt")
        defer { try? FileManager.default.removeItem(at: errors) }
        let program = try bed.start("export", "--to", bed.path, "--follow", errors: .file(errors))
        try await eventually("the first is exported") {
            try await bed.bench.store.archive.isExported(to: bed, 1) || !program.isRunning
        }
        try await bed.publish("r-2")
        try await eventually("the second is exported") {
            try await bed.bench.store.archive.isExported(to: bed, 2) || !program.isRunning
        }
        let status = program.end()
        let said = try String(contentsOf: errors, encoding: .utf8)
        #expect(status == 0, "\(said)")
        #expect(said.contains("Stopped."), "\(said)")
        #expect(try await bed.verify().foot.reports == 2)
    }
}

extension ArchiveStore {
    /// Whether MongoDB has an export with that number of reports.
    fileprivate func isExported(to bed: ArchiveBed, _ count: Int) async throws -> Bool {
        let place = ArchiveFolder.place(bed.path)
        let archive = try await bed.bench.collection("report_archives").first(
            ["_id": .string(place)], as: BSONDocument.self)
        return archive?["reports"]?.integer == Int64(count)
    }
}
