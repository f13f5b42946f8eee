import Glibc

/// An open file or folder, closed with its owner.
struct Descriptor: ~Copyable {
    let raw: CInt

    /// Nil for what a call returns in place of one; `errno` says why.
    init?(_ raw: CInt) {
        guard raw >= 0 else { return nil }
        self.raw = raw
    }

    deinit { close(raw) }
}

/// Repeats a call that a signal interrupts.
func uninterrupted(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
