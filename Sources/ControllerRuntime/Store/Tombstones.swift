/// The uids of the objects that were deleted last, up to a number of them.
struct Tombstones: Sendable {
    private let capacity: Int
    /// The uids, each with the serial number of its insertion.
    private var members: [String: Int] = [:]
    /// The uids in a ring: the insertion with serial number n is at n modulo the capacity.
    private var ring: [String] = []
    private var serial = 0

    init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    func contains(_ uid: String) -> Bool { members[uid] != nil }

    mutating func insert(_ uid: String) {
        guard !uid.isEmpty, members[uid] == nil else { return }
        if ring.count < capacity {
            ring.append(uid)
        } else {
            let oldest = ring[serial % capacity]
            if members[oldest] == serial - capacity { members[oldest] = nil }
            ring[serial % capacity] = uid
        }
        members[uid] = serial
        serial += 1
    }

    /// Forgets a uid that exists again, as an object does that came back under a watch's label selector.
    mutating func remove(_ uid: String) {
        members[uid] = nil
    }
}
