import Foundation
import Glibc
import LoopbackSupport

/// A real Postfix on loopback ports, in a folder of its own, without systemd and Dovecot.
///
/// It takes mail for example.com into one Maildir from who signs in; `gone@` is refused, `later@` deferred.
final class Postfix {
    struct Failure: Error {
        var command: String
        var output: String
    }

    static let user = "reports@localhost"
    static let password = "sesame, öffne dich"

    let folder: URL
    let startTLSPort: Int
    let implicitTLSPort: Int
    private let master = Process()

    var authority: String { folder.appending(path: "tls/ca.pem").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "postfix-\(UUID().uuidString.prefix(8))")
        (startTLSPort, implicitTLSPort) = (try Self.freePort(), try Self.freePort())
        try makeFolders()
        try makeCertificates()
        try writeConfiguration()
        try makeUser()
        try Self.run("chmod", "755", folder.path)
        master.executableURL = URL(fileURLWithPath: "/usr/lib/postfix/sbin/master")
        // A leader of a process group, which Foundation makes it, can't have a session of its own, which it wants without -d.
        master.arguments = ["-d", "-c", path("etc")]
        try master.run()
    }

    /// Waits for its ports.
    func ready() async throws {
        for port in [startTLSPort, implicitTLSPort] {
            try await eventually(log, within: .seconds(20)) {
                guard let connection = LoopbackConnection.open(toPort: port) else { return false }
                connection.close()
                return true
            }
        }
    }

    /// To be called at the test's end.
    func stop() {
        // With its children, which are of its group. It must end before its folder, without which it would live on; and
        // it inherited a mask that may hold back gentler signals.
        kill(-master.processIdentifier, SIGKILL)
        master.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    var log: String { (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "no log" }

    /// The files of delivered messages.
    func delivered() -> [URL] {
        let inbox = folder.appending(path: "boxes/inbox/new")
        return (try? FileManager.default.contentsOfDirectory(at: inbox, includingPropertiesForKeys: nil)) ?? []
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func makeFolders() throws {
        for name in ["etc/sasl", "data", "boxes", "tls", "queue/pid", "queue/public", "queue/maildrop"] {
            try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        }
        let queues = [
            "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved",
            "trace",
        ]
        for name in queues {
            try FileManager.default.createDirectory(atPath: path("queue/\(name)"), withIntermediateDirectories: true)
            try Self.run("chown", "postfix", path("queue/\(name)"))
            try Self.run("chmod", "700", path("queue/\(name)"))
        }
        try Self.run("chown", "postfix:postdrop", path("queue/public"))
        try Self.run("chmod", "710", path("queue/public"))
        try Self.run("chown", "postfix:postdrop", path("queue/maildrop"))
        try Self.run("chmod", "730", path("queue/maildrop"))
        try Self.run("chown", "postfix", path("data"))
        try Self.run("chown", "65534:65534", path("boxes"))
    }

    private func makeCertificates() throws {
        let extensions = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        try extensions.write(toFile: path("tls/ext"), atomically: false, encoding: .utf8)
        try Self.run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=tests' own authority",
            "-keyout", path("tls/ca.key"), "-out", path("tls/ca.pem"))
        try Self.run(
            "openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", path("tls/key.pem"),
            "-out", path("tls/csr"))
        try Self.run(
            "openssl", "x509", "-req", "-in", path("tls/csr"), "-CA", path("tls/ca.pem"), "-CAkey", path("tls/ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", path("tls/ext"), "-out", path("tls/cert.pem"))
    }

    private func makeUser() throws {
        try Self.run(
            "sh", "-c", "printf '%s' \"$1\" | saslpasswd2 -p -c -f \"$2\" -u localhost reports", "sh", Self.password,
            path("etc/sasldb"))
        try Self.run("chown", "postfix", path("etc/sasldb"))
    }

    private func writeConfiguration() throws {
        try """
        pwcheck_method: auxprop
        auxprop_plugin: sasldb
        sasldb_path: \(path("etc/sasldb"))
        mech_list: PLAIN LOGIN

        """.write(toFile: path("etc/sasl/smtpd.conf"), atomically: false, encoding: .utf8)
        try """
        compatibility_level = 3.6
        queue_directory = \(path("queue"))
        data_directory = \(path("data"))
        maillog_file = \(path("log"))
        maillog_file_prefixes = \(folder.path)
        myhostname = localhost
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mydestination =
        mynetworks =
        alias_maps =
        alias_database =
        default_transport = error:nobody else gets mail
        relay_transport = error:nobody else gets mail
        virtual_mailbox_domains = example.com
        virtual_mailbox_base = \(path("boxes"))
        virtual_mailbox_maps = static:inbox/
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        virtual_minimum_uid = 1
        virtual_mailbox_limit = 0
        message_size_limit = 30000000
        smtpd_tls_cert_file = \(path("tls/cert.pem"))
        smtpd_tls_key_file = \(path("tls/key.pem"))
        smtpd_tls_auth_only = yes
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_type = cyrus
        smtpd_sasl_path = smtpd
        smtpd_sasl_local_domain = localhost
        smtpd_client_connection_count_limit = 0
        smtpd_error_sleep_time = 0
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        smtpd_recipient_restrictions = check_recipient_access inline:{ {gone@example.com = 550 5.1.1 no such mailbox}, {later@example.com = 451 4.2.1 try later} }, permit_sasl_authenticated, reject

        """.write(toFile: path("etc/main.cf"), atomically: false, encoding: .utf8)
        try """
        127.0.0.1:\(startTLSPort) inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
        127.0.0.1:\(implicitTLSPort) inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        virtual unix - n n - - virtual
        error unix - - n - - error
        retry unix - - n - - error
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        postlog unix-dgram n - n - 1 postlogd

        """.write(toFile: path("etc/master.cf"), atomically: false, encoding: .utf8)
    }

    /// One that nobody listens on now.
    private static func freePort() throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 ? getsockname(listener, address, &length) : -1
            }
        }
        guard result == 0 else { throw Failure(command: "bind", output: String(cString: strerror(errno))) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    @discardableResult
    static func run(_ command: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(command: command.joined(separator: " "), output: text)
        }
        return text
    }
}
