/// The order of two resource versions of one resource type.
///
/// The API server promises it since 1.35 and has kept it in every release before: a decimal number without leading
/// zeros, so the longer one is the greater, and of two as long the one that sorts later.
public enum ResourceVersion {
    /// Whether `left` is older than `right`. An empty or foreign version is older than everything and newer than
    /// nothing, so that an object of unknown age never displaces a known one.
    public static func isOlder(_ left: String, than right: String) -> Bool {
        guard isNumber(right) else { return false }
        guard isNumber(left) else { return true }
        return left.utf8.count == right.utf8.count ? left < right : left.utf8.count < right.utf8.count
    }

    /// Whether it can be compared with others.
    public static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.first != UInt8(ascii: "0")
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
