/// How long is waited between two tries to send one copy.
package enum RetryRule {
    /// Seconds before the second try, with which the pauses begin to double.
    package static let first: Int64 = 10
    package static let longest: Int64 = 3600

    /// Seconds to wait after that number of tries, a fifth more or less, by the copy's id: so that what failed together
    /// isn't tried together.
    package static func pause(afterTries tries: Int, of id: String) -> Int64 {
        let pause = min(first << min(Int64(max(tries, 1)) - 1, 12), longest)
        let spread = pause / 5
        guard spread > 0 else { return pause }
        let hash = "\(id)#\(tries)".utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return pause - spread + Int64(hash % UInt64(2 * spread + 1))
    }
}
