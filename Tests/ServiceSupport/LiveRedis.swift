import AsyncSupport
package import Foundation
package import Logging
import LoopbackSupport
import ProgramSupport
package import RedisClient
import Synchronization

/// A Redis server of the test's own: on a free loopback port, with a password, its data in a folder of its own.
package final class LiveRedis: Sendable {
    package static let password = "p%ss wörd@:/?#"

    package let port: Int
    package let folder: URL
    private let keepsData: Bool
    private let usesTLS: Bool
    /// Replaced at each start.
    private let server = Mutex<ChildProgram?>(nil)

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
        kill()
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
        try ChildProgram.output(of: [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate.path,
            "-keyout", folder.appendingPathComponent("server.key").path,
        ])
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
    package func kill() { server.withLock { $0.take() }?.end(SIGKILL) }

    /// Without its data, if told so.
    package func start(losingData: Bool = false) async throws {
        if losingData {
            for name in ["appendonlydir", "dump.rdb"] {
                try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
            }
        }
        var command =
            ["redis-server", "--bind", "127.0.0.1", "--port", "\(port)", "--dir", folder.path, "--save", ""]
            + ["--requirepass", Self.password, "--appendonly", keepsData ? "yes" : "no", "--appendfsync", "always"]
        if usesTLS {
            command += [
                "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", certificate.path, "--tls-key-file",
                folder.appendingPathComponent("server.key").path, "--tls-auth-clients", "no",
            ]
            command += ["--tls-ca-cert-file", certificate.path]
        }
        let started = try ChildProgram(command, output: .nothing, errors: .nothing)
        server.withLock { $0 = started }
        let probe = connection { $0.backoff = Backoff(first: .milliseconds(5), longest: .milliseconds(20)) }
        _ = try await probe.send(RedisCommand("PING"), timeout: .seconds(20), isIdempotent: true)
        probe.close()
    }

    package func pause() { server.withLock { $0 }?.signal(SIGSTOP) }
    package func resume() { server.withLock { $0 }?.signal(SIGCONT) }
}
