import AsyncSupport
import Foundation
import HTTPTransport
import KubernetesModel
import Logging
import LoopbackSupport
import Synchronization
import Testing

@testable import KubernetesClient

/// With real programs: shell scripts. One at a time: a script can't start while any other child still holds the
/// descriptor through which it was written.
@Suite(.serialized) struct ExecPluginTests {
    private let folder = TemporaryFolder()
    private let logger = Logger(label: "test")

    /// A script that notes each run in `runs` and then does `body`.
    private func plugin(_ body: String, change: (inout ExecPlugin) -> Void = { _ in }) -> ExecPlugin {
        let path = folder.write("plugin", "#!/bin/sh\necho run >> '\(folder.path)/runs'\n\(body)\n", mode: 0o700)
        var plugin = ExecPlugin(command: path, environment: ["PATH": "/usr/bin:/bin"])
        change(&plugin)
        return plugin
    }

    private func answer(_ status: String, version: String = "v1") -> String {
        """
        cat <<END
        {"apiVersion":"client.authentication.k8s.io/\(version)","kind":"ExecCredential","status":{\(status)}}
        END
        """
    }

    private var runs: Int { folder.read("runs").split(separator: "\n").count }

    private func credentials(
        of plugin: ExecPlugin, now: @escaping @Sendable () -> Date = { Date() },
        identityChanged: @escaping @Sendable () -> Void = {}
    ) -> ExecCredentials {
        ExecCredentials(plugin: plugin, logger: logger, now: now, identityChanged: identityChanged)
    }

    private func failure(of plugin: ExecPlugin) async -> String {
        do {
            return "\(try await credentials(of: plugin).current())"
        } catch {
            return error.message
        }
    }

    @Test func aTokenIsKeptWhereItDoesNotEnd() async throws {
        let source = credentials(of: plugin(answer(#""token":"t$$""#)))
        let first = try await source.current()
        #expect(try await source.current() == first)
        #expect(runs == 1)
    }

    @Test func manyRequestsWaitForOneRun() async throws {
        let source = credentials(of: plugin("sleep 0.1\n" + answer(#""token":"t""#)))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await source.current() } }
        }
        #expect(runs == 1)
    }

    @Test func aTokenIsRenewedAMinuteBeforeItsEnd() async throws {
        let time = Mutex<Date>(Date(timeIntervalSince1970: 1_800_000_000))
        let end = Date(timeIntervalSince1970: 1_800_000_600).formatted(.iso8601)
        let source = credentials(of: plugin(answer(#""token":"t$$","expirationTimestamp":"\#(end)""#))) {
            time.withLock { $0 }
        }
        let first = try await source.current()
        time.withLock { $0 += 530 }
        #expect(try await source.current() == first)
        time.withLock { $0 += 20 }
        #expect(try await source.current() != first)
        #expect(runs == 2)
    }

    @Test func aFailureWithinTheLastMinuteLeavesTheOldToken() async throws {
        let time = Mutex<Date>(Date(timeIntervalSince1970: 1_800_000_000))
        let end = Date(timeIntervalSince1970: 1_800_000_600).formatted(.iso8601)
        let script = "[ $(wc -l < '\(folder.path)/runs') = 1 ] || exit 1\n"
        let source = credentials(of: plugin(script + answer(#""token":"t","expirationTimestamp":"\#(end)""#))) {
            time.withLock { $0 }
        }
        let first = try await source.current()
        time.withLock { $0 += 570 }
        #expect(try await source.current() == first)
        time.withLock { $0 += 60 }
        await #expect(throws: CredentialError.self) { try await source.current() }
    }

    @Test func aRefusalForcesOneRun() async throws {
        let server = LoopbackServer { request, number in
            number == 1 ? .status(401, "Unauthorized") : .json(Widget.json("x"))
        }
        let script = plugin("n=$(wc -l < '\(folder.path)/runs')\n" + answer(#""token":"t$n""#))
        let client = KubernetesClient.fixture(server) { $0.authentication = .exec(script) }
        _ = try await client.get(Widget.self, name: "x", namespace: "a")
        #expect(server.requests.map { $0.header("Authorization") } == ["Bearer t1", "Bearer t2"])
        _ = try await client.get(Widget.self, name: "x", namespace: "a")
        #expect(runs == 2)
    }

    @Test func aCertificateIsHandedOnAndItsChangeTold() async throws {
        let changes = Recorder<Bool>()
        let script =
            "n=$(wc -l < '\(folder.path)/runs')\n"
            + answer(#""clientCertificateData":"cert$n","clientKeyData":"key""#)
        let source = credentials(of: plugin(script), identityChanged: { changes.append(true) })
        let first = try await source.current()
        let expected = TLSClientIdentity(
            certificate: .data(Data("cert1".utf8)), privateKey: .data(Data("key".utf8)))
        #expect(first == Credentials(authorization: nil, identity: expected))
        #expect(changes.all.isEmpty)
        #expect(try await source.replacement(for: first) != nil)
        #expect(changes.all.count == 1)
    }

    @Test func thePluginIsToldWhatItNeeds() async throws {
        let script = plugin(
            "printf '%s|%s|%s|%s' \"$KUBERNETES_EXEC_INFO\" \"$MINE\" \"$1\" \"$(cat)\" "
                + "> '\(folder.path)/seen'\n" + answer(#""token":"t""#, version: "v1beta1")
        ) {
            $0.arguments = ["a b"]
            $0.environment["MINE"] = "m"
            $0.apiVersion = .v1beta1
            $0.clusterInfo = Data(#"{"server":"https://h"}"#.utf8)
        }
        _ = try await credentials(of: script).current()
        #expect(
            folder.read("seen")
                == #"{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","spec":"#
                + #"{"interactive":false,"cluster":{"server":"https://h"}}}|m|a b|"#)
    }

    @Test func mistakesAreToldWithoutWhatWasPrinted() async {
        let cases: [(body: String, expected: String)] = [
            ("echo secret; exit 3", "failed with exit code 3"),
            ("kill -9 $$", "was ended by signal 9"),
            ("echo secret", "printed no ExecCredential in JSON"),
            (
                answer(#""token":"secret""#, version: "v1beta1"),
                "of client.authentication.k8s.io/v1beta1, the configuration"
            ),
            (answer(""), "neither a token nor a certificate"),
            (answer(#""clientCertificateData":"secret""#), "not both"),
            (answer(#""token":"secret","expirationTimestamp":"soon""#), "not an RFC 3339 time"),
            ("head -c 2000000 /dev/zero", "more than 1 MiB"),
        ]
        for (body, expected) in cases {
            let message = await failure(of: plugin(body))
            #expect(message.contains(expected) && !message.contains("secret"))
        }
    }

    @Test func aMissingProgramComesWithItsHint() async {
        let script = ExecPlugin(command: "no-such-plugin-anywhere", installHint: "Install it from there")
        #expect(
            await failure(of: script)
                == "The credential plugin no-such-plugin-anywhere was not found. Install it from there")
    }

    @Test func aHangingProgramIsEndedWithItsChildren() async throws {
        let script = plugin(
            "sh -c 'echo $$ > \(folder.path)/child; exec sleep 60' & echo $$ > \(folder.path)/self; wait"
        ) {
            $0.timeout = .seconds(3)
        }
        #expect(await failure(of: script).contains("did not end within"))
        for name in ["self", "child"] {
            let pid = try #require(pid_t(folder.read(name).trimmingCharacters(in: .whitespacesAndNewlines)))
            try await eventually("\(name)") { Self.hasEnded(pid) }
        }
    }

    /// Gone, or waiting to be reaped by the process that adopts orphans here.
    private static func hasEnded(_ pid: pid_t) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
        return stat.contains(") Z ")
    }

    @Test func aProgramThatNeedsATerminalIsNotRunWithoutOne() async {
        guard !ChildProcess.hasTerminal else { return }
        let script = plugin(answer(#""token":"t""#)) { $0.interactiveMode = .always }
        #expect(await failure(of: script).contains("needs a terminal"))
        #expect(runs == 0)
    }
}
