import FoundationEssentials
import Logging
import Synchronization

/// A bearer token in a file that somebody else rotates.
///
/// It is read by its path each time, since the kubelet swaps a link in the middle of it. While it can't be read, the
/// last good token serves. Reading blocks for as long as a small local file takes, at most once in `period`.
final class TokenFile: CredentialSource {
    /// client-go's 60 s less its leeway of 10 s.
    static let period = Duration.seconds(50)

    private struct State {
        var token: Secret?
        var nextRead: ContinuousClock.Instant?
    }

    private let path: String
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    init(
        path: String,
        initial: Secret?,
        logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.path = path
        self.logger = logger
        self.now = now
        state = Mutex(State(token: initial))
    }

    func current() async throws(CredentialError) -> Credentials {
        try token(rereading: false)
    }

    func replacement(for used: Credentials) async throws(CredentialError) -> Credentials? {
        let fresh = try token(rereading: true)
        return fresh == used ? nil : fresh
    }

    private func token(rereading: Bool) throws(CredentialError) -> Credentials {
        let found: Result<Secret, CredentialError> = state.withLock { state in
            let now = now()
            if !rereading, let token = state.token, let next = state.nextRead, now < next { return .success(token) }
            let read = Self.read(path)
            // A file that can't be read is looked at again soon, but not by every request.
            switch read {
            case .success(let token):
                state.token = token
                state.nextRead = now + Self.period
            case .failure(let error):
                guard let token = state.token else { break }
                logger.warning(
                    "Keeping the last token: its file can't be used", metadata: ["error": "\(error.message)"])
                state.nextRead = now + .seconds(10)
                return .success(token)
            }
            return read
        }
        return .bearer(try found.get())
    }

    /// The file's text without white space around it.
    private static func read(_ path: String) -> Result<Secret, CredentialError> {
        guard let data = FileManager.default.contents(atPath: path) else {
            return .failure(CredentialError(message: "The token file \(path) can't be read"))
        }
        let text = String(decoding: data, as: UTF8.self).trimmed
        if text.isEmpty { return .failure(CredentialError(message: "The token file \(path) is empty")) }
        return .success(Secret(text))
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        let head = drop { $0.isWhitespace }
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
