import FoundationEssentials
import HTTPTransport
import Synchronization

/// Notices that the files of the client's certificate were replaced.
///
/// A new connection reads them anew, but kept ones go on with the old certificate until the server ends them.
final class IdentityFiles: Sendable {
    static let period = Duration.seconds(300)

    private struct State {
        var contents: [Data?]
        var nextCheck: ContinuousClock.Instant
    }

    private let paths: [String]
    private let now: @Sendable () -> ContinuousClock.Instant
    private let changed: @Sendable () -> Void
    private let state: Mutex<State>

    /// nil where no file is involved.
    init?(
        _ identity: TLSClientIdentity?,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        changed: @escaping @Sendable () -> Void
    ) {
        paths = [identity?.certificate, identity?.privateKey].compactMap {
            if case .file(let path) = $0 { path } else { nil }
        }
        if paths.isEmpty { return nil }
        self.now = now
        self.changed = changed
        state = Mutex(State(contents: paths.map(Self.contents), nextCheck: now() + Self.period))
    }

    /// Looks at the files, if it's time.
    func check() {
        let isChanged = state.withLock { state in
            guard now() >= state.nextCheck else { return false }
            state.nextCheck = now() + Self.period
            let contents = paths.map(Self.contents)
            // While they can't be read there is nothing to change to.
            guard !contents.contains(nil), contents != state.contents else { return false }
            state.contents = contents
            return true
        }
        if isChanged { changed() }
    }

    private static func contents(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }
}
