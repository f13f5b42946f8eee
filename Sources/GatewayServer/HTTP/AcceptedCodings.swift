/// The codings in which somebody takes an answer (RFC 9110, 12.5.3).
struct AcceptedCodings {
    private var accepted: Set<String> = []
    private var refused: Set<String> = []

    /// `headers`: the values of `Accept-Encoding`. What isn't named isn't taken.
    init(_ headers: [String]) {
        for entry in headers.flatMap({ $0.split(separator: ",") }) {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let name = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > 0 { accepted.insert(name) } else { refused.insert(name) }
        }
    }

    func has(_ coding: String) -> Bool {
        accepted.contains(coding) || accepted.contains("*") && !refused.contains(coding)
    }
}
