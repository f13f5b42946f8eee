/// A decimal number of up to 34 digits, exactly as it is written: for money.
package struct BSONDecimal128: Hashable, Sendable {
    /// IEEE 754-2008 decimal128, binary integer significand.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
