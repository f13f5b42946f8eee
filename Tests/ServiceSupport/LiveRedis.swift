import AsyncSupport
package import Foundation
package import Logging
import LoopbackSupport
package import RedisClient

/// A Redis server of the test's own: on a free loopback port, with a password, its data in a folder of its own.
package final class LiveRedis: Sendable {
    package static let password = "p%ss wörd@:/?#"

    package let port: Int
    package let folder: URL
    private let keepsData: Bool
    private let usesTLS: Bool
    private let processes = Processes()

    /// Starts it and waits until it answers. With `keepsData` it writes every command to disk before it answers, so that a
    /// kill loses nothing.
    package init(keepsData: Bool = true, usesTLS: Bool = false) async throws {
        self.keepsData = keepsData
        self.usesTLS = usesTLS
        folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        port = Int(FreePort.find())
        if usesTLS { try makeCertificate() }
        try await start()
    }

    deinit {
        processes.kill()
        try? FileManager.default.removeItem(at: folder)
    }

    package var configuration: RedisConfiguration {
        var configuration = RedisConfiguration(endpoint: .tcp(host: "127.0.0.1", port: port))
        configuration.password = Self.password
        configuration.usesTLS = usesTLS
        if usesTLS { configuration.caFile = certificate.path }
        return configuration
    }

    /// The certificate of a server with TLS, signed by itself, for the address that the configuration has.
    package var certificate: URL { folder.appendingPathComponent("server.crt") }

    private func makeCertificate() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate.path,
            "-keyout", folder.appendingPathComponent("server.key").path,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }

    package func connection(_ change: (inout RedisConfiguration) -> Void = { _ in }) -> RedisConnection {
        var configuration = configuration
        change(&configuration)
        return RedisConnection(configuration, logger: Self.logger)
    }

    package static var logger: Logger {
        var logger = Logger(label: "test") { SwiftLogNoOpLogHandler($0) }
        logger.logLevel = .critical
        return logger
    }

    // MARK: Faults

    /// `kill -9`, and its end.
    package func kill() { processes.kill() }

    /// Without its data, if told so.
    package func start(losingData: Bool = false) async throws {
        if losingData {
            for name in ["appendonlydir", "dump.rdb"] {
                try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
            }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["redis-server", "--bind", "127.0.0.1", "--port", "\(port)", "--dir", folder.path, "--save", ""]
            + ["--requirepass", Self.password, "--appendonly", keepsData ? "yes" : "no", "--appendfsync", "always"]
        if usesTLS {
            process.arguments? += [
                "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", certificate.path, "--tls-key-file",
                folder.appendingPathComponent("server.key").path, "--tls-auth-clients", "no",
            ]
            process.arguments? += ["--tls-ca-cert-file", certificate.path]
        }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        processes.set(process)
        let probe = connection { $0.backoff = Backoff(first: .milliseconds(5), longest: .milliseconds(20)) }
        _ = try await probe.send(RedisCommand("PING"), timeout: .seconds(20), isIdempotent: true)
        probe.close()
    }

    package func pause() { processes.signal(SIGSTOP) }
    package func resume() { processes.signal(SIGCONT) }
}

/// The server's process, replaced at each start.
private final class Processes: @unchecked Sendable {
    // Process isn't Sendable; the lock keeps it to one thread at a time.
    private let lock = NSLock()
    private var process: Process?

    func set(_ process: Process) { lock.withLock { self.process = process } }

    func signal(_ signal: Int32) {
        lock.withLock { if let process, process.isRunning { Glibc.kill(process.processIdentifier, signal) } }
    }

    func kill() {
        lock.withLock {
            guard let process, process.isRunning else { return }
            Glibc.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }
}
