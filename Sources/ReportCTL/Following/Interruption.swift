import UnixSignals

/// Ctrl-C, as something that is heard: the run must not end with whoever watches it.
enum Interruption {
    static func run(_ tell: @Sendable () -> Void) async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { tell() }
    }
}
