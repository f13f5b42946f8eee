/// The parts of a connection string, well-formed or not, that tell what of it may be shown.
struct MongoURIParts {
    private let scheme: Substring
    private let userinfo: Substring?
    /// Hosts and database.
    private let place: Substring
    private let options: [(name: Substring, value: Substring)]

    init(_ text: String) {
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        scheme = text[..<start]
        // The last one: a password that isn't percent-encoded may hold others, and too much hidden is the safe fault.
        let at = text[start...].lastIndex(of: "@")
        userinfo = at.map { text[start..<$0] }
        let rest = at.map { text[text.index(after: $0)...] } ?? text[start...]
        let query = rest.firstIndex(of: "?")
        place = query.map { rest[..<$0] } ?? rest
        options = (query.map { rest[rest.index(after: $0)...] } ?? "")
            .split { $0 == "&" || $0 == ";" }
            .map { option in
                let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            }
    }

    var sanitized: String {
        let query = options.map { "\($0.name)=\(Self.maySeeValue(of: $0.name) ? $0.value : "***")" }
        return (scheme.isEmpty ? "" : scheme) + (userinfo == nil ? "" : "***@") + place
            + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    var secrets: [String] {
        let password = userinfo.flatMap { info in info.firstIndex(of: ":").map { info[info.index(after: $0)...] } }
        let values = options.filter { !Self.maySeeValue(of: $0.name) }.map(\.value)
        return ([password].compactMap(\.self) + values).map(String.init)
    }

    /// The library's complaint about this string, for people: without what it quotes, which may be of the password.
    func explanation(of reason: String) -> String {
        let names = Set(options.filter { $0.name.allSatisfy(\.isLetter) }.map { $0.name.lowercased() })
        var words = ""
        for (index, part) in reason.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            // Every second part is between quotes.
            let isQuoted = index % 2 == 1
            words += !isQuoted ? String(part) : names.contains(part.lowercased()) ? "\"\(part)\"" : "\"…\""
        }
        if let single = words.firstRange(of: ": '") { words = words[..<single.lowerBound] + "" }
        let isSuspect = userinfo.map { info in
            info.filter { $0 == ":" }.count > 1 || info.contains { "/@?#[]".contains($0) } || words.contains("escape")
        }
        let hint =
            isSuspect == true
            ? "; in the user's name and password, write : as %3A, / as %2F, ? as %3F, # as %23, @ as %40 and % as %25"
            : ""
        return "The MongoDB connection string can't be read: \(words.isEmpty ? "it isn't one" : words)\(hint). "
            + "It should look like mongodb://user:password@host:27017/database?replicaSet=name"
    }

    // Those that are known to be harmless; what is new, or misspelt, stays hidden.
    private static func maySeeValue(of name: Substring) -> Bool { harmless.contains(name.lowercased()) }

    private static let harmless: Set<String> = [
        "appname", "authmechanism", "authsource", "compressors", "connecttimeoutms", "directconnection",
        "heartbeatfrequencyms", "journal", "loadbalanced", "localthresholdms", "maxpoolsize", "minpoolsize",
        "readconcernlevel", "readpreference", "readpreferencetags", "replicaset", "retryreads", "retrywrites", "safe",
        "serverselectiontimeoutms", "serverselectiontryonce", "socketcheckintervalms", "sockettimeoutms", "ssl", "tls",
        "tlsallowinvalidcertificates", "tlsallowinvalidhostnames", "tlscafile", "tlscertificatekeyfile", "tlsinsecure",
        "w", "waitqueuetimeoutms", "wtimeoutms", "zlibcompressionlevel",
    ]
}
