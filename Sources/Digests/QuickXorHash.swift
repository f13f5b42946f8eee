/// The hash that Microsoft gives of files in SharePoint: it finds faults of a transfer, not forgeries.
///
/// Source: Microsoft, "Code snippets: QuickXorHash algorithm" (OneDrive API). Each byte is put to 160 bits by exclusive
/// or, 11 bits further than the one before it; the length follows into the last 64 bits.
package struct QuickXorHash: Sendable {
    private static let width = 160
    private static let shift = 11

    private var state = [UInt8](repeating: 0, count: width / 8)
    private var length: UInt64 = 0
    private var position = 0

    package init() {}

    package mutating func update(_ bytes: some Sequence<UInt8>) {
        var (length, position) = (length, position)
        for byte in bytes {
            let (index, bit) = (position >> 3, position & 7)
            state[index] ^= byte << UInt8(bit)
            if bit > 0 { state[index + 1 == state.count ? 0 : index + 1] ^= byte >> UInt8(8 - bit) }
            position += Self.shift
            if position >= Self.width { position -= Self.width }
            length += 1
        }
        (self.length, self.position) = (length, position)
    }

    /// 20 bytes.
    package consuming func finish() -> [UInt8] {
        for index in 0..<8 { state[12 + index] ^= UInt8(truncatingIfNeeded: length >> UInt64(8 * index)) }
        return state
    }
}
