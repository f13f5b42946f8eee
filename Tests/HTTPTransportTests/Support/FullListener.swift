import Glibc

/// A port whose backlog is full, so that connecting to it hangs.
final class FullListener: Sendable {
    let port: Int
    private let descriptors: [CInt]
    /// How many of its own connections wait for an answer.
    private let fillers: Int

    init() {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var descriptors = [listener]
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                _ = bind(listener, raw, length)
                _ = listen(listener, 0)
                _ = getsockname(listener, raw, &length)
                for _ in 0..<4 {
                    let filler = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
                    _ = connect(filler, raw, length)
                    descriptors.append(filler)
                }
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.descriptors = descriptors
        fillers = Self.callers(of: port)
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    /// Whether somebody tries to connect who didn't when it was made: the kernel's table of connections tells.
    var hasCallers: Bool { Self.callers(of: port) > fillers }

    /// Connections to that port whose first packet hasn't been answered.
    private static func callers(of port: Int) -> Int {
        let text = connections()
        let digits = String(port, radix: 16, uppercase: true)
        let address = "0100007F:" + String(repeating: "0", count: 4 - digits.count) + digits
        return text.split(separator: "\n").count { line in
            let fields = line.split(separator: " ")
            return fields.count > 3 && fields[2] == address && fields[3] == "02"
        }
    }

    /// In pieces of a page each, as the kernel gives it out: Foundation takes the first for the whole.
    private static func connections() -> String {
        let table = open("/proc/self/net/tcp", O_RDONLY)
        defer { close(table) }
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while case let count = read(table, &piece, piece.count), count > 0 { text += piece[..<count] }
        return String(decoding: text, as: UTF8.self)
    }

    var url: String { "http://127.0.0.1:\(port)/" }
}
