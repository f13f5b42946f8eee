/// What Redis tells of itself, held against what the operator needs.
enum RedisAdvice {
    /// `info`: the answer to `INFO`, which a user with few rights may ask for too. `place`: where it was asked.
    static func findings(info: String, place: String = "") -> [Finding] {
        let version = value("redis_version", in: info) ?? "unknown"
        var findings: [Finding] = []
        let parts = version.split(separator: ".").compactMap { Int($0) }
        if parts.count >= 2, (parts[0], parts[1]) < (6, 2) {
            findings.append(.failure("Redis", "version \(version)", mend: "use Redis 6.2 or later"))
        } else {
            findings.append(.ok("Redis", "answers, version \(version)\(place)"))
        }
        if let policy = value("maxmemory_policy", in: info), policy != "noeviction" {
            findings.append(
                .failure(
                    "Redis", "maxmemory-policy is \(policy): a shared lock may be thrown out",
                    mend: "set maxmemory-policy noeviction"))
        }
        if value("aof_enabled", in: info) == "0" {
            findings.append(
                .warning(
                    "Redis", "appendonly is off: a restart loses requests that have not been read yet",
                    mend: "set appendonly yes"))
        }
        return findings
    }

    private static func value(_ name: String, in info: String) -> String? {
        for line in info.split(whereSeparator: \.isNewline) where line.hasPrefix(name + ":") {
            return String(line.dropFirst(name.count + 1))
        }
        return nil
    }
}
