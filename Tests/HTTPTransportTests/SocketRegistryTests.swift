import Glibc
import Testing

@testable import HTTPTransport

@Suite struct SocketRegistryTests {
    private func open(_ registry: SocketRegistry) -> CInt {
        registry.open(
            family: AF_INET, type: CInt(SOCK_STREAM.rawValue), protocolNumber: 0, userTimeout: 40_000)
    }

    @Test func onlyIdleSocketsBeyondThoseKeptAreForgotten() {
        let registry = SocketRegistry()
        let descriptors = (0..<5).map { _ in open(registry) }
        defer { for descriptor in descriptors { close(descriptor) } }
        registry.shutDownIdle(keeping: 2, used: [descriptors[0]], usedPorts: [])
        #expect(registry.count == 3)
        registry.shutDownIdle(keeping: 0, used: [descriptors[0]], usedPorts: [])
        #expect(registry.count == 1)
        #expect(registry.close(descriptors[0]) == 0)
        #expect(registry.count == 0)
    }

    @Test func socketsClosedBehindItsBackAreNotTakenForOthers() {
        let registry = SocketRegistry()
        let descriptor = open(registry)
        // Another file takes the number over, in one step so that no other thread can.
        var pair: [CInt] = [0, 0]
        socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair)
        dup2(pair[0], descriptor)
        defer { for descriptor in pair + [descriptor] { close(descriptor) } }
        registry.shutDownIdle(keeping: 0, used: [], usedPorts: [])
        #expect(registry.count == 0)
        #expect(send(pair[0], "x", 1, CInt(MSG_NOSIGNAL)) == 1)
    }

    @Test func socketsAreNotInheritedAndGiveUpOnSilentPeers() {
        let registry = SocketRegistry()
        let descriptor = open(registry)
        defer { _ = registry.close(descriptor) }
        #expect(descriptorFlags(descriptor) & FD_CLOEXEC != 0)
        var milliseconds: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(descriptor, CInt(IPPROTO_TCP), 18 /* TCP_USER_TIMEOUT */, &milliseconds, &length)
        #expect(milliseconds == 40_000)
    }

    private func descriptorFlags(_ descriptor: CInt) -> CInt {
        fcntl(descriptor, F_GETFD)
    }
}
