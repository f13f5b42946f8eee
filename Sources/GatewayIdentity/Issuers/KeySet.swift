package import FoundationEssentials
internal import JSONReading
package import JWTKit

/// A provider's public keys, each bound to the algorithms it is for: a token chooses a key, never what the key does.
package struct KeySet: Sendable {
    private struct Slot: Hashable {
        var identifier: String
        var algorithm: String
    }

    /// Several where a provider gives two keys one name.
    private var keys: [Slot: [any JWTAlgorithm]] = [:]
    private var identifiers: Set<String> = []
    /// How many keys of the set are of no use: of a kind that we don't know, without a name, for encryption.
    package private(set) var skipped = 0

    /// More than any provider has.
    static let mostKeys = 100

    package var isEmpty: Bool { keys.isEmpty }

    /// Reads a JWKS (RFC 7517); what is wrong with one key harms no other, and of what isn't a JWKS comes an empty set.
    package init(_ data: Data, algorithms: [String]) async {
        var entries: [KeyEntry] = []
        var unreadable = 0
        try? JSONReader().readList("keys", in: data) { _, _ in
        } element: { decoder in
            if entries.count < Self.mostKeys, let entry = try? KeyEntry(from: decoder) {
                entries.append(entry)
            } else {
                unreadable += 1
            }
        }
        skipped = unreadable
        for entry in entries {
            let added = await add(entry, algorithms: algorithms)
            if !added { skipped += 1 }
        }
    }

    private mutating func add(_ entry: KeyEntry, algorithms: [String]) async -> Bool {
        guard let identifier = entry.kid, !identifier.isEmpty else { return false }
        var isUsed = false
        for algorithm in algorithms where entry.isFor(algorithm) {
            guard let verifier = await entry.verifier(algorithm) else { continue }
            keys[Slot(identifier: identifier, algorithm: algorithm), default: []].append(verifier)
            identifiers.insert(identifier)
            isUsed = true
        }
        return isUsed
    }

    /// Whether there is a key of that name, whatever it is for.
    package func knows(_ identifier: String) -> Bool { identifiers.contains(identifier) }

    /// Those of that name that are for this algorithm.
    package func keys(_ identifier: String, for algorithm: String) -> [any JWTAlgorithm] {
        keys[Slot(identifier: identifier, algorithm: algorithm)] ?? []
    }
}
