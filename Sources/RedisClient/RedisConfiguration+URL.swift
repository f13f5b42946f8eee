extension RedisConfiguration {
    /// Reads an address in the form that Redis' own tools take.
    ///
    /// - `redis://[[user]:password@]host[:port][/database]`, IPv6 addresses in brackets, port 6379 when absent
    /// - `rediss://…` the same over TLS; `?cafile=/path.pem` trusts other certificates than the system's
    /// - `unix://[[user]:password@]/path/of/socket[?db=number]`
    ///
    /// User and password are percent-decoded.
    ///
    /// - Throws: `invalidConfiguration`, naming the part that is wrong and never its secret.
    package init(url: String) throws(RedisError) {
        guard let separator = url.firstRange(of: "://") else {
            throw Self.fault("it has no scheme; expected redis://, rediss:// or unix://")
        }
        let scheme = url[..<separator.lowerBound].lowercased()
        var rest = url[separator.upperBound...]
        let query = Self.cut(&rest, after: "?")
        // The last one: an unencoded @ in a password is common, and no host can contain one.
        let authorityEnd = scheme == "unix" ? rest.endIndex : rest.firstIndex(of: "/") ?? rest.endIndex
        let at = rest[..<authorityEnd].lastIndex(of: "@")
        let userinfo = at.map { rest[..<$0] }
        if let at { rest = rest[rest.index(after: at)...] }

        switch scheme {
        case "redis", "rediss":
            let path = Self.cut(&rest, after: "/")
            let (host, port) = try Self.hostAndPort(rest)
            self.init(endpoint: .tcp(host: host, port: port))
            usesTLS = scheme == "rediss"
            if let path, !path.isEmpty { database = try Self.database(path) }
        case "unix":
            guard rest.hasPrefix("/") else { throw Self.fault("a unix:// address needs an absolute path") }
            self.init(endpoint: .unix(path: String(rest)))
        default:
            throw Self.fault("its scheme is \"\(scheme)\"; expected redis, rediss or unix")
        }
        if let userinfo { try setUserinfo(userinfo) }
        if let query { try setOptions(query) }
    }

    private mutating func setUserinfo(_ text: Substring) throws(RedisError) {
        guard let colon = text.firstIndex(of: ":") else {
            throw Self.fault("it has a user and no password; expected user:password@ or :password@")
        }
        guard let user = Self.decoded(text[..<colon]), let secret = Self.decoded(text[text.index(after: colon)...])
        else { throw Self.fault("its user or password is not percent-encoded UTF-8 (a % is written %25)") }
        username = user.isEmpty ? nil : user
        password = secret.isEmpty ? nil : secret
        if username != nil, password == nil { throw Self.fault("it has a user and no password") }
    }

    private mutating func setOptions(_ query: Substring) throws(RedisError) {
        for option in query.split(separator: "&") {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? parts[1] : ""
            switch (parts[0], endpoint) {
            case ("cafile", .tcp) where usesTLS && !value.isEmpty: caFile = Self.decoded(value)
            case ("db", .unix): database = try Self.database(value)
            default:
                throw Self.fault(
                    "its option \"\(parts[0])\" is not known here; rediss:// takes cafile, unix:// takes db")
            }
        }
    }

    private static func hostAndPort(_ text: Substring) throws(RedisError) -> (String, Int) {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw fault("an IPv6 address lacks its closing bracket") }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw fault("only a port may follow an IPv6 address") }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
            if port?.contains(":") == true { throw fault("write an IPv6 address in brackets: redis://[::1]:6379") }
        }
        guard !host.isEmpty else { throw fault("it names no host") }
        guard let port else { return (String(host), 6379) }
        guard let number = Int(port), (1...65535).contains(number) else {
            throw fault("its port is not a number from 1 to 65535")
        }
        return (String(host), number)
    }

    private static func database(_ text: Substring) throws(RedisError) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw fault("its database is \"\(text)\"; expected a number such as 0")
        }
        return number
    }

    /// Shortens `text` to what precedes the first `mark`, and returns what follows it.
    private static func cut(_ text: inout Substring, after mark: Character) -> Substring? {
        guard let index = text.firstIndex(of: mark) else { return nil }
        defer { text = text[..<index] }
        return text[text.index(after: index)...]
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }

    private static func fault(_ what: String) -> RedisError {
        RedisError(.invalidConfiguration, "The Redis address can't be used: \(what)")
    }
}
