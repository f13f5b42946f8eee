/// The part of a file that is asked for (RFC 9110, 14.2). Several parts at once are answered with the whole, as is allowed.
enum ByteRange: Equatable {
    case whole
    case part(Range<Int64>)
    /// There is no such part.
    case unsatisfiable

    /// `header`: the value of `Range`. `size`: of the file.
    init(_ header: String?, size: Int64) {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else {
            self = .whole
            return
        }
        let sides = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard sides.count == 2 else {
            self = .whole
            return
        }
        switch (Int64(sides[0]), Int64(sides[1])) {
        case (nil, let length?) where sides[0].isEmpty:
            self = length > 0 && size > 0 ? .part(max(0, size - length)..<size) : .unsatisfiable
        case (let start?, nil) where sides[1].isEmpty:
            self = start < size ? .part(start..<size) : .unsatisfiable
        case (let start?, let end?) where start <= end:
            self = start < size ? .part(start..<min(end, size - 1) + 1) : .unsatisfiable
        default: self = .whole
        }
    }
}
