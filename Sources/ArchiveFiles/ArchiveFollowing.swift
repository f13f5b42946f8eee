package import AsyncSupport
package import ReportArchive
package import ReportStores

/// Exports what changes, within seconds, until its task is cancelled.
///
/// Each round is an export of its own, which leaves a whole manifest, or the one before it. Between rounds the archive is
/// free for others.
package struct ArchiveFollowing: Sendable {
    package enum Event: Sendable {
        case exported(ArchiveExport.Outcome)
        /// Why nothing can be exported at the moment; it is tried again.
        case held(String)
    }

    package struct Timing: Sendable {
        /// How long more changes are waited for after the first.
        package var gathering: Duration = .seconds(1)
        /// At least between two rounds, since each writes the whole manifest anew.
        package var pause: Duration = .seconds(5)
        /// Without any change a round follows after that all the same: the server forgets old changes.
        package var idle: Duration = .seconds(600)
        package var backoff = Backoff(first: .seconds(1), longest: .seconds(60))

        package init() {}
    }

    private let store: ArchiveStore
    private let open: @Sendable () throws -> ArchiveFolder
    private let part: ArchivePart
    private let key: ArchiveKey?
    private let timing: Timing
    /// In milliseconds since 1970.
    private let now: @Sendable () -> Int64
    private let onEvent: @Sendable (Event) -> Void

    /// A pause lasts at least this many times as long as the export before it.
    private static let restShare = 4

    /// `open`: is called for each round, since an archive belongs to others between them.
    package init(
        _ store: ArchiveStore, to open: @escaping @Sendable () throws -> ArchiveFolder, part: ArchivePart,
        key: ArchiveKey?, timing: Timing = Timing(), now: @escaping @Sendable () -> Int64,
        onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.store = store
        self.open = open
        self.part = part
        self.key = key
        self.timing = timing
        self.now = now
        self.onEvent = onEvent
    }

    /// Throws `ArchiveTrouble` or `StoreTrouble` that doesn't pass by itself.
    package func run() async throws {
        var delays = timing.backoff.delays
        while !Task.isCancelled {
            do {
                let start = ContinuousClock.now
                let outcome = try await export()
                let took = ContinuousClock.now - start
                onEvent(.exported(outcome))
                guard let until = outcome.until else {
                    throw ArchiveTrouble("This MongoDB is not a replica set, so it tells of no changes to follow")
                }
                delays.reset()
                try await Task.sleep(for: max(timing.pause, took * Self.restShare))
                try await store.waitForChange(after: until, within: timing.idle)
                try await Task.sleep(for: timing.gathering)
            } catch {
                guard !Task.isCancelled else { return }
                guard let why = Self.passing(error) else { throw error }
                onEvent(.held(why))
                try? await Task.sleep(for: delays.next())
            }
        }
    }

    private func export() async throws -> ArchiveExport.Outcome {
        var export = ArchiveExport(
            store, to: try open(), part: part, key: key, now: now())
        return try await export.run(sinceLast: true)
    }

    /// What it says, where it passes by itself.
    private static func passing(_ error: any Error) -> String? {
        switch error {
        case let trouble as StoreTrouble where trouble.isOutage || trouble.isSilence: trouble.description
        case let trouble as ArchiveTrouble where trouble.isBusy: trouble.description
        default: nil
        }
    }
}
