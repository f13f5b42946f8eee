package import BSON
import Glibc

extension BSONObjectID {
    /// One that nobody else has: the time, then random bits.
    package static func fresh() -> BSONObjectID {
        var generator = SystemRandomNumberGenerator()
        return BSONObjectID(second: UInt32(clamping: time(nil)), rest: (generator.next(), generator.next()))
    }
}
