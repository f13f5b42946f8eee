package import AsyncSupport
package import Logging

/// A provider's pages, kept and fetched anew as they age; one question at a time, however many ask.
package actor KeySource {
    /// How old keys may be before others are asked for.
    static let age = Duration.seconds(600)
    /// How often a key that nobody knows may be a reason to ask: anyone can make up its name.
    static let unknownKeyPause = Duration.seconds(60)
    /// After questions that came to nothing.
    static let pauses = Backoff(first: .seconds(1), longest: .seconds(300))

    private let provider: Provider
    private let clock: RuntimeClock
    private let logger: Logger

    private var pages: ProviderPages?
    private var trouble = ProviderTrouble("wasn't asked yet")
    private var fetchedAt = Duration.zero
    private var delays: Backoff.Delays
    /// Before it nothing is asked, since the last question came to nothing.
    private var pausedUntil: Duration?
    private var unknownKeyAskedAt: Duration?
    private var inFlight: Task<Void, Never>?

    package init(provider: Provider, clock: RuntimeClock = .continuous, logger: Logger) {
        self.provider = provider
        self.clock = clock
        self.logger = logger
        delays = Self.pauses.delays
    }

    /// The keys, asked for anew where none is called `identifier`; old ones while the provider is away.
    package func keys(knowing identifier: String) async throws(ProviderTrouble) -> KeySet {
        let askedAt = clock.now()
        let keys = try await current().keys
        // What was fetched since is as new as can be.
        guard !keys.knows(identifier), fetchedAt < askedAt, mayAskForUnknownKey() else { return keys }
        await refreshed()
        return pages?.keys ?? keys
    }

    /// Where people sign in and out.
    package func document() async throws(ProviderTrouble) -> ProviderDocument {
        guard let document = try await current().document else {
            throw ProviderTrouble("\(provider.settings.issuer) has no endpoints to sign in at")
        }
        return document
    }

    private func current() async throws(ProviderTrouble) -> ProviderPages {
        let age = clock.now() - fetchedAt
        if pages == nil {
            await refreshed()
        } else if age >= Self.age * 2, pausedUntil == nil {
            // After a long silence: a key may have been withdrawn since.
            await refreshed()
        } else if age >= Self.age {
            // Nobody waits for it.
            _ = refresh()
        }
        guard let pages else { throw trouble }
        return pages
    }

    /// Whether a question is out, or now may go out.
    private func mayAskForUnknownKey() -> Bool {
        guard inFlight == nil else { return true }
        let now = clock.now()
        if let last = unknownKeyAskedAt, now - last < Self.unknownKeyPause { return false }
        guard !isPaused else { return false }
        unknownKeyAskedAt = now
        return true
    }

    private var isPaused: Bool { pausedUntil.map { clock.now() < $0 } ?? false }

    private func refreshed() async { await refresh()?.value }

    /// The question that is out, or a new one; nil during a pause.
    private func refresh() -> Task<Void, Never>? {
        if let inFlight { return inFlight }
        guard !isPaused else { return nil }
        let task = Task { await self.fetch() }
        inFlight = task
        return task
    }

    private func fetch() async {
        let startedAt = clock.now()
        let provider = provider
        let result = await Result { () async throws(ProviderTrouble) in try await ProviderPages.read(of: provider) }
        inFlight = nil
        let name: Logger.Metadata = ["issuer": "\(provider.settings.name)"]
        switch result {
        case .success(let read):
            if pausedUntil != nil { logger.info("An issuer can be asked again", metadata: name) }
            if read.keys.skipped > 0, pages?.keys.skipped != read.keys.skipped {
                logger.info("Some of an issuer's keys are of no use", metadata: name)
            }
            (pages, fetchedAt, pausedUntil) = (read, startedAt, nil)
            delays.reset()
        case .failure(let found):
            trouble = found
            let isNews = pausedUntil == nil
            pausedUntil = clock.now() + delays.next()
            let metadata = name.merging(["error": "\(found)"]) { _, new in new }
            logger.log(level: isNews ? .warning : .debug, "An issuer can't be asked for its keys", metadata: metadata)
        }
    }
}
