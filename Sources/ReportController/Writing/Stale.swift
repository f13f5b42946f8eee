/// The decision rested on something that has changed: look again.
struct Stale: Error, CustomStringConvertible {
    let what: String

    var description: String { what }
}
