import Glibc

/// Making a connection: straight on, with deadlines, while commands keep arriving and expiring.
extension ConnectionLoop {
    /// A connection that is logged in and ready.
    func connect(until deadline: Instant) throws(RedisError) -> NetworkSocket {
        let next = try openSocket(until: deadline)
        if configuration.usesTLS, case .tcp(let host, _) = configuration.endpoint {
            next.startTLS(
                try TLSSession(
                    descriptor: next.descriptor, host: host, caFile: configuration.caFile,
                    verifies: configuration.verifiesCertificate))
            try perform(on: next, until: deadline, code: .tls, doing: "TLS handshake") { $0.handshake() }
        }
        try logIn(over: next, until: deadline)
        return next
    }

    private func openSocket(until deadline: Instant) throws(RedisError) -> NetworkSocket {
        let addresses = try addresses(until: deadline)
        var reason = "no address"
        for (index, address) in addresses.enumerated() {
            guard let candidate = NetworkSocket(connectingTo: address) else {
                reason = String(cString: strerror(errno))
                continue
            }
            // A silent address must not use up the time of those after it.
            let now = Instant.now
            let limit = now + (deadline - now) / (addresses.count - index)
            if try !pause(for: candidate, events: CShort(POLLOUT), until: limit) {
                reason = "no answer in time"
            } else if let fault = candidate.connectionFault {
                reason = fault
            } else {
                return candidate
            }
        }
        throw unreachable(reason)
    }

    private func addresses(until deadline: Instant) throws(RedisError) -> [SocketAddress] {
        switch configuration.endpoint {
        case .unix(let path):
            guard let address = SocketAddress(path: path) else {
                throw RedisError(.invalidConfiguration, "The path of Redis' socket is too long: \(path)")
            }
            return [address]
        case .tcp(let host, let port):
            let resolution = NameResolution(host: host, port: port, wakeup: wakeup)
            while true {
                switch resolution.answer {
                case .addresses(let addresses): return addresses
                case .failed(let reason): throw unreachable("\(host): \(reason)")
                case nil:
                    guard deadline > .now else { throw unreachable("no address for \(host) in time") }
                    _ = try pause(for: nil, events: 0, until: deadline)
                }
            }
        }
    }

    /// AUTH, SELECT and PING in one go; the last tells whether Redis is ready.
    private func logIn(over next: NetworkSocket, until deadline: Instant) throws(RedisError) {
        var commands: [RedisCommand] = []
        if let password = configuration.password {
            let user = configuration.username.map { [RedisArgument.text($0)] } ?? []
            commands.append(RedisCommand("AUTH", user + [.text(password)]))
        }
        if configuration.database != 0 {
            commands.append(RedisCommand("SELECT", .text(String(configuration.database))))
        }
        commands.append(RedisCommand("PING"))
        var bytes: [UInt8] = []
        for command in commands { command.encode(into: &bytes) }
        var sent = 0
        while sent < bytes.count {
            sent += try perform(on: next, until: deadline, code: .unreachable, doing: "login") { socket in
                bytes.withUnsafeBytes { socket.send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
            }
        }
        reader = ReplyReader()
        var missing = commands.count
        while missing > 0 {
            if let reply = try reader.next() {
                if case .error(let error) = reply { throw RedisError(error, server: server) }
                missing -= 1
                continue
            }
            let count = try perform(on: next, until: deadline, code: .unreachable, doing: "login") {
                $0.receive(into: buffer)
            }
            try reader.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Repeats a step until it is done; commands keep arriving and expiring meanwhile.
    @discardableResult
    private func perform(
        on next: NetworkSocket, until deadline: Instant, code: RedisError.Code, doing what: String,
        _ step: (NetworkSocket) -> NetworkSocket.Progress
    ) throws(RedisError) -> Int {
        while true {
            switch step(next) {
            case .count(let count): return count
            case .end: throw RedisError(code, "Redis at \(server) closed the connection during the \(what)")
            case .failed(let reason): throw RedisError(code, "No \(what) with Redis at \(server): \(reason)")
            case .wouldBlock(let events):
                guard deadline > .now else {
                    throw RedisError(.unreachable, "Redis at \(server) did not answer the \(what) in time")
                }
                _ = try pause(for: next, events: events, until: deadline)
            }
        }
    }

    /// Sleeps while a connection is being made: true once the socket has events, false when the time is over or, with
    /// no socket, when something woke the thread.
    private func pause(for next: NetworkSocket?, events: CShort, until deadline: Instant) throws(RedisError) -> Bool {
        while true {
            let isReady = poll(next?.descriptor, events: events, until: min(deadline, nextDeadline ?? deadline))
            takeMail()
            if isClosed { throw RedisError(.closed, "The connection to Redis was closed") }
            expire()
            if isReady { return true }
            if next == nil || deadline <= .now { return false }
        }
    }

    private func unreachable(_ reason: String) -> RedisError {
        RedisError(
            .unreachable, "Redis at \(server) can't be reached: \(reason). Check the address and that it runs")
    }
}
