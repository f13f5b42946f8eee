import ArgumentParser

/// Why a command can't do what was asked of it, and what to type next.
struct Trouble: Error, Equatable {
    let message: String
    /// Commands or sentences, a line each.
    let advice: [String]
    let code: ExitCode

    init(_ message: String, advice: [String] = [], code: ExitCode = .unable) {
        self.message = message
        self.advice = advice
        self.code = code
    }
}

extension ExitCode {
    /// The run Failed, or a check did.
    static let failed = ExitCode(1)
    /// Invalid arguments: an option, a parameter, a pipeline that isn't there.
    static let usage = ExitCode(2)
    /// The run was Cancelled.
    static let cancelled = ExitCode(3)
    /// reportctl could not do it, or can't tell what became of it: no connection, no permission, nothing of that name.
    static let unable = ExitCode(4)
    /// Ended by Ctrl-C, as shells have it.
    static let interrupted = ExitCode(130)
}
