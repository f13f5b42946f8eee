package import AsyncSupport
import FoundationEssentials
package import HTTPTransport
import JWTKit
package import Logging
import Synchronization

/// The keys of one issuer, fetched when they are needed, and again when they are used after ten minutes. With `run` they
/// are there before.
///
/// Old keys are kept while the issuer is away. A key that nobody knows has them fetched again, at most once a minute: else
/// anybody could have us ask the issuer by inventing keys.
package final class KeySet: Sendable {
    enum Answer: Sendable {
        case keys([any JWTAlgorithm])
        case unknown
        case unavailable(String)
    }

    private struct State {
        var discovery: Discovery?
        var keys = KeyList()
        /// On `clock`; nil before the first success.
        var fetchedAt: Duration?
        var mayAskAt = Duration.zero
        var failures = 0
        var fault = ""

        func isDue(_ now: Duration) -> Bool { now >= mayAskAt }

        /// Whether keys that are all known are to be fetched again.
        func isStale(_ now: Duration) -> Bool {
            isDue(now) && fetchedAt.map { now - $0 >= KeySet.refreshInterval } ?? true
        }
    }

    /// How often keys are fetched again though all are known.
    static let refreshInterval = Duration.seconds(600)
    /// After which their first use waits for that.
    static let longestSilence = Duration.seconds(3600)
    /// How long an unknown key waits for the next question.
    static let pause = Duration.seconds(60)
    private static let bodyLimit = 256 << 10

    private let settings: IssuerSettings
    private let transport: HTTPTransport
    private let clock: RuntimeClock
    private let backoff: Backoff
    private let logger: Logger
    private let turns = Turns(1)
    private let state = Mutex(State())

    package init(
        _ settings: IssuerSettings, transport: HTTPTransport, clock: RuntimeClock = .continuous,
        backoff: Backoff = Backoff(first: .seconds(1), longest: .seconds(60)), logger: Logger
    ) {
        self.settings = settings
        self.transport = transport
        self.clock = clock
        self.backoff = backoff
        self.logger = logger
    }

    /// Fetches the keys now and again until the task is cancelled: sooner where that failed.
    package func run() async {
        while !Task.isCancelled {
            await fetch { _ in true }
            let failures = state.withLock { $0.failures }
            let wait = failures == 0 ? Self.refreshInterval : backoff.delay(failures: failures - 1)
            guard (try? await clock.sleep(wait)) != nil else { return }
        }
    }

    /// Whether keys are there: a server without any isn't ready to check tokens.
    package var hasKeys: Bool { state.withLock { $0.fetchedAt != nil } }

    func keys(id: String?, algorithm: String) async -> Answer {
        let now = clock.now()
        let (known, age, failures) = state.withLock { state in
            (state.keys.keys(id: id, algorithm: algorithm), state.fetchedAt.map { now - $0 } ?? .zero, state.failures)
        }
        if !known.isEmpty {
            if age < Self.refreshInterval { return .keys(known) }
            // Without a wait, as a rule. After a long silence what the issuer has withdrawn meanwhile mustn't count, unless it
            // is away.
            guard age >= Self.longestSilence, failures == 0 else {
                Task { await self.fetch { $0.isStale(self.clock.now()) } }
                return .keys(known)
            }
            await fetch { $0.isStale(self.clock.now()) }
        } else {
            await fetch { state in !state.keys.knows(id) && state.isDue(self.clock.now()) }
        }
        return state.withLock { state in
            let keys = state.keys.keys(id: id, algorithm: algorithm)
            if !keys.isEmpty { return .keys(keys) }
            return state.fetchedAt == nil ? .unavailable(state.fault) : .unknown
        }
    }

    /// What the issuer says of itself; the words are for people who can't sign in now.
    func discovery() async -> Result<Discovery, ProviderAway> {
        if let discovery = state.withLock({ $0.discovery }) { return .success(discovery) }
        await fetch { state in state.discovery == nil && state.isDue(self.clock.now()) }
        return state.withLock { state in
            state.discovery.map { .success($0) } ?? .failure(ProviderAway(words: state.fault))
        }
    }

    /// One at a time; who waited looks first whether it is still wanted.
    private func fetch(if isWanted: (borrowing State) -> Bool) async {
        let turn = await Result { () async throws(CancellationError) in try await turns.take() }
        guard case .success = turn else { return }
        defer { turns.giveBack() }
        guard state.withLock({ isWanted($0) }) else { return }
        let fresh = await self.fresh()
        let now = clock.now()
        switch fresh {
        case .success(let (discovery, keys)):
            state.withLock { state in
                (state.discovery, state.keys, state.fetchedAt) = (discovery, keys, now)
                (state.failures, state.fault, state.mayAskAt) = (0, "", now + Self.pause)
            }
            logger.debug(
                "Fetched an issuer's keys", metadata: ["issuer": "\(settings.name)", "keys": "\(keys.count)"])
        case .failure(let away):
            let hasKeys = state.withLock { state in
                state.failures += 1
                state.fault = away.words
                let wait = state.fetchedAt == nil ? backoff.delay(failures: state.failures - 1) : Self.pause
                state.mayAskAt = now + wait
                return state.fetchedAt != nil
            }
            logger.warning(
                "Could not fetch an issuer's keys",
                metadata: [
                    "issuer": "\(settings.name)", "error": "\(away.words)", "oldKeysKept": "\(hasKeys)",
                ])
        }
    }

    private func fresh() async -> Result<(Discovery, KeyList), ProviderAway> {
        let discovery: Discovery
        switch await document(Discovery.address(settings.issuer)) {
        case .failure(let away): return .failure(away)
        case .success(let data):
            do throws(Discovery.Fault) {
                discovery = try Discovery(data, settings: settings)
            } catch {
                return .failure(ProviderAway(words: "\(settings.name): \(error.words)"))
            }
        }
        switch await document(discovery.keysAddress) {
        case .failure(let away): return .failure(away)
        case .success(let data):
            guard let keys = try? await KeyList(data, algorithms: settings.algorithms) else {
                return .failure(ProviderAway(words: "\(settings.name): its list of keys can't be read"))
            }
            // Old ones are better than none.
            guard keys.count > 0 else {
                let algorithms = settings.algorithms.joined(separator: ", ")
                return .failure(
                    ProviderAway(words: "\(settings.name): its list has no key with an id for \(algorithms)"))
            }
            return .success((discovery, keys))
        }
    }

    private func document(_ address: String) async -> Result<Data, ProviderAway> {
        let request = HTTPRequest(
            url: address, headers: ["Accept": "application/json"],
            timeouts: HTTPTimeouts(connect: .seconds(5), total: .seconds(10)), bodyLimit: Self.bodyLimit)
        let response = await Result { () async throws(HTTPError) in try await transport.send(request) }
        switch response {
        case .failure(let error):
            return .failure(ProviderAway(words: "\(settings.name) can't be reached: \(error)"))
        case .success(let response):
            guard response.status == 200 else {
                return .failure(ProviderAway(words: "\(settings.name) answered \(response.status) at \(address)"))
            }
            return .success(response.body)
        }
    }
}

/// The issuer can't be asked now, or what it says can't be used; for people, without any secret.
struct ProviderAway: Error, Hashable, Sendable {
    let words: String
}
