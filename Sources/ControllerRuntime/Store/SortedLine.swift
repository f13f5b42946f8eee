import KubernetesModel

/// Keys in the order of their positions, in blocks: to find, insert and remove one costs the logarithm of their number, and
/// the move of a block's worth of them.
struct SortedLine<Position: Comparable & Sendable>: Sendable {
    struct Entry: Sendable {
        let position: Position
        let key: ObjectKey
    }

    /// A block is split when it has grown to twice this.
    private static var blockSize: Int { 64 }

    /// None of them is empty.
    private var blocks: [[Entry]] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func insert(_ key: ObjectKey, at position: Position) {
        count += 1
        let block = min(firstBlock(reaching: position), blocks.count - 1)
        guard block >= 0 else {
            blocks.append([Entry(position: position, key: key)])
            return
        }
        let index = Self.firstIndex(in: blocks[block], reaching: position)
        blocks[block].insert(Entry(position: position, key: key), at: index)
        guard blocks[block].count >= 2 * Self.blockSize else { return }
        let rest = Array(blocks[block][Self.blockSize...])
        blocks[block].removeSubrange(Self.blockSize...)
        blocks.insert(rest, at: block + 1)
    }

    mutating func remove(_ key: ObjectKey, at position: Position) {
        var block = firstBlock(reaching: position)
        while block < blocks.count {
            var index = Self.firstIndex(in: blocks[block], reaching: position)
            while index < blocks[block].count, blocks[block][index].position == position {
                if blocks[block][index].key == key {
                    blocks[block].remove(at: index)
                    if blocks[block].isEmpty { blocks.remove(at: block) }
                    count -= 1
                    return
                }
                index += 1
            }
            if index < blocks[block].count { return }
            block += 1
        }
    }

    /// Calls `body` with one after the other, until it says that it has enough.
    func walk(_ body: (Entry) -> Bool) {
        for block in blocks {
            for entry in block where !body(entry) { return }
        }
    }

    /// The first block whose last entry isn't before the position; the number of blocks where there is none.
    private func firstBlock(reaching position: Position) -> Int {
        var (low, high) = (0, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            if let last = blocks[middle].last, last.position < position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func firstIndex(in block: [Entry], reaching position: Position) -> Int {
        var (low, high) = (0, block.count)
        while low < high {
            let middle = (low + high) / 2
            if block[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
