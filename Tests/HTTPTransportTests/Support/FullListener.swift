import Glibc
import LoopbackSupport

/// A port whose backlog is full, so that connecting to it hangs.
final class FullListener: Sendable {
    let port: Int
    private let descriptors: [CInt]
    /// How many of its own connections wait for an answer.
    private let fillers: Int

    init() {
        let (listener, port) = LoopbackSocket.listen(backlog: 0)
        let fillers = (0..<4).compactMap { _ in LoopbackSocket.connect(to: port, waits: false) }
        self.port = port
        descriptors = [listener] + fillers
        self.fillers = Self.callers(of: port)
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
