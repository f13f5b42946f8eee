import UnixSignals

/// Ctrl-C as an event: the run must not end with the command that watches it.
enum Interruption {
    static func run(_ tell: @Sendable () -> Void) async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { tell() }
    }
}
