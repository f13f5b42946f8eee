/// Tells the kubelet's own words from a stage's.
///
/// Where a container goes away while its log is read, the kubelet has sent its 200 already, and ends the answer with the
/// error in plain text. That bears no moment, as every line of a stage does, and nothing comes after it.
struct KubeletErrors {
    /// What looks like an error, as long as nothing has come after it.
    private var held: [String] = []

    /// Whether such was the last that came.
    var isPending: Bool { !held.isEmpty }

    /// What belongs to the log, now that this line has come.
    mutating func pass(_ line: String) -> [String] {
        guard !Self.isError(line) else {
            held.append(line)
            return []
        }
        defer { held = [] }
        return held + [line]
    }

    static func isError(_ line: String) -> Bool {
        if line.hasPrefix("rpc error: code = NotFound desc = an error occurred when try to find container \"") {
            return true
        }
        let start = "unable to retrieve container logs for "
        guard line.hasPrefix(start) else { return false }
        // A runtime and an identifier, such as containerd://0a1b…
        let parts = line.dropFirst(start.count).split(separator: "://", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            }
    }
}
