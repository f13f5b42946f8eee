import AsyncSupport
import Crypto
import FoundationEssentials
import Synchronization

extension SignIn {
    /// The session with a later end. A provider that is away leaves it as it is until its own end; one that says no ends it
    /// (`ended`).
    ///
    /// Requests that come at once share one answer: most providers take a refresh token once. This holds for one process;
    /// pages have one tab refresh for all.
    package func refresh(_ session: Session) async -> Result<Session, SignInFault> {
        guard let token = session.refreshToken, let issuer = issuer(session.issuer) else {
            return .failure(SignInFault(.ended, "the session can't be refreshed; sign in again"))
        }
        guard now() < session.startedAt + Session.longest else { return .failure(Self.ended) }
        return await refreshes.answer(for: token, at: now()) { await asked(session, token, issuer) }
    }

    private static let ended = SignInFault(.ended, "the session has ended; sign in again")

    private func asked(_ session: Session, _ token: String, _ issuer: TrustedIssuer) async -> Result<
        Session, SignInFault
    > {
        let start = now()
        switch await tokens(issuer, [("grant_type", "refresh_token"), ("refresh_token", token)]) {
        case .failure(.refused): return .failure(Self.ended)
        case .failure(.misconfigured(let words)): return .failure(fault(of: issuer, words, .misconfigured))
        case .failure(.away(let words)): return .failure(fault(of: issuer, words))
        case .success(let answer):
            var next = session
            var expiry: Date?
            // Many bring none; what the first one said then holds until the session's end.
            if answer.idToken != nil {
                switch await person(in: answer, of: issuer, nonce: nil) {
                case .failure(let fault) where fault.kind == .providerAway: return .failure(fault)
                case .failure: return .failure(Self.ended)
                case .success(let person):
                    guard TokenCheck.isSame(person.user, session.user) else { return .failure(Self.ended) }
                    next = Session(
                        id: session.id, issuer: session.issuer, user: person.user, groups: person.groups,
                        email: person.email, displayName: person.displayName, startedAt: session.startedAt,
                        refreshedAt: start, tokenEndsAt: session.tokenEndsAt, refreshToken: token)
                    expiry = person.expiry
                }
            }
            next.refreshedAt = start
            next.tokenEndsAt = answer.life.map { start + $0.seconds } ?? expiry ?? session.tokenEndsAt
            next.refreshToken = answer.refreshToken ?? token
            return .success(next)
        }
    }
}

/// The refreshes of the last minute: who comes with the token that was just used gets what came of it.
final class Refreshes: Sendable {
    private struct Kept {
        var session: Session
        var at: Date
    }

    private struct State {
        var kept: [Data: Kept] = [:]
        var running: [Data: Task<Result<Session, SignInFault>, Never>] = [:]
    }

    private static let life: TimeInterval = 60
    private static let maximumKept = 10_000

    private let state = Mutex(State())

    func answer(
        for token: String, at now: Date, _ ask: @escaping @Sendable () async -> Result<Session, SignInFault>
    ) async -> Result<Session, SignInFault> {
        let name = Data(SHA256.hash(data: Data(token.utf8)))
        let task = state.withLock { state -> Task<Result<Session, SignInFault>, Never> in
            if let kept = state.kept[name], now.timeIntervalSince(kept.at) < Self.life {
                let session = kept.session
                return Task { .success(session) }
            }
            if let running = state.running[name] { return running }
            // Not of the caller's task: who leaves must not take the answer away from who stays, nor lose the new token.
            let task = Task {
                let answer = await ask()
                self.keep(answer, name, now)
                return answer
            }
            state.running[name] = task
            return task
        }
        return await task.value
    }

    private func keep(_ answer: Result<Session, SignInFault>, _ name: Data, _ now: Date) {
        state.withLock { state in
            state.running[name] = nil
            state.kept = state.kept.filter { now.timeIntervalSince($0.value.at) < Self.life }
            guard case .success(let session) = answer, state.kept.count < Self.maximumKept else { return }
            state.kept[name] = Kept(session: session, at: now)
        }
    }
}
