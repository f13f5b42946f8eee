extension RedisError {
    /// What an error that Redis answered means, and what to do about it.
    package init(_ error: RedisServerError, server: String) {
        func make(_ code: Code, _ sentence: String) -> RedisError {
            RedisError(code, "Redis at \(server) \(sentence)")
        }
        self =
            switch error.code {
            case "NOAUTH":
                make(.authentication, "wants a password and none was given: put it into the Redis address")
            case "WRONGPASS":
                make(.authentication, "does not accept the user and password: check them in the Redis address")
            case "ERR" where error.message.contains("AUTH <password> called without any password"):
                make(
                    .authentication,
                    "has no password for its default user, but one was given: remove it from the Redis address or set it on the server"
                )
            case "ERR" where error.message.contains("invalid password"):
                make(.authentication, "does not accept the password: check it in the Redis address")
            case "NOPERM":
                make(.notPermitted, "does not permit this to the user (\(error.message)): extend the user's ACL")
            case "LOADING":
                make(.loading, "is still reading its data after a start: wait until it has")
            case "BUSY":
                make(.busy, "is occupied by a long script: wait, or end it with SCRIPT KILL")
            case "READONLY":
                make(.readOnly, "is a read-only replica: use the address of the primary")
            case "MISCONF":
                make(.readOnly, "takes no writes because it can't save its data: look at its disk and log")
            case "OOM":
                make(.outOfMemory, "has reached its memory limit: raise maxmemory or remove data")
            case "NOGROUP": make(.noGroup, "has no such stream or consumer group: \(error.message)")
            case "WRONGTYPE":
                make(
                    .server(code: error.code),
                    "has a key of another type where the operator keeps its own: see with TYPE which of reports:* that is, "
                        + "what else writes it, and delete it (\(error.message))")
            case "NOSCRIPT": make(.noScript, "does not know the script")
            default:
                make(.server(code: error.code), "answered: \(error.code) \(error.message)")
            }
    }

    package static func unexpectedReply(_ command: String, server: String) -> RedisError {
        RedisError(
            .unexpectedReply,
            "Redis at \(server) answered \(command) in a form that is not known: is it Redis 6.2 or newer?",
            mayHaveReachedServer: true)
    }
}
