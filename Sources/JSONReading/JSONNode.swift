import Glibc

/// One value or key of a document: what it is, where its bytes are, and where what follows it begins.
///
/// The nodes of a document are in a row, in the order of its text: an object's keys and values by turns. So a value is
/// passed over in one step, whatever is in it.
struct JSONNode {
    enum Kind: UInt8 {
        case null, `false`, `true`, number, string, array, object
        /// A string that has escapes in it.
        case escaped
        /// An array or an object that is too deep for its members to be kept.
        case buried
    }

    var kind: Kind
    /// How many levels of arrays and objects it is, itself counted; 0 for a scalar. It stops at 65535.
    var height: UInt16
    /// Of its first byte; for a string, of the first one after the quote.
    var start: UInt32
    /// In bytes; for a string, between the quotes.
    var length: UInt32
    /// The index of the node after it and all that is in it.
    var next: UInt32

    var range: Range<Int> { Int(start)..<Int(start) + Int(length) }
}

/// A growing row of nodes, which takes no memory before the first.
struct JSONTape: ~Copyable {
    private(set) var nodes = UnsafeMutablePointer<JSONNode>(bitPattern: MemoryLayout<JSONNode>.alignment)
        .unsafelyUnwrapped
    private(set) var count = 0
    private var capacity = 0

    init() {}

    deinit { if capacity > 0 { free(nodes) } }

    private static func row(_ memory: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<JSONNode> {
        guard let memory else { fatalError("no memory is left for reading JSON") }
        return memory.assumingMemoryBound(to: JSONNode.self)
    }

    @inline(__always)
    mutating func append(_ node: JSONNode) {
        if count == capacity { grow() }
        (nodes + count).initialize(to: node)
        count &+= 1
    }

    @inline(never)
    private mutating func grow() {
        let before = capacity > 0 ? nodes : nil
        capacity = max(64, capacity * 2)
        // In place where it can be, without touching new memory for what is there already.
        nodes = Self.row(realloc(before, capacity * MemoryLayout<JSONNode>.stride))
    }
}
