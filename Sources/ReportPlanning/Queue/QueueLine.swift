/// The place of a waiting request in its concurrency group, as far as anybody has looked.
package struct QueueLine: Hashable, Sendable {
    /// How many places are counted at the most, so that a long queue costs no more than a short one.
    package static let longest = 100
    /// How many of those that run are named.
    package static let mostNamed = 3

    /// Whether nobody waits before it.
    package var isNext: Bool
    /// Its place among those that wait, from 1 on; more than `longest` stands for any beyond it. Nil where it wasn't counted.
    package var place: Int?
    /// The names of those that run, as many as are named.
    package var running: [String]
    /// How many more run.
    package var others: Int

    package init(isNext: Bool = false, place: Int? = nil, running: [String] = [], others: Int = 0) {
        self.isNext = isNext
        self.place = place
        self.running = running
        self.others = others
    }
}
