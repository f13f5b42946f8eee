import Foundation

/// The lines of what a server of the tests prints.
final class LineReader: @unchecked Sendable {
    // @unchecked: one thread after the other reads.
    private let file: FileHandle
    private var unread = Data()

    init(_ file: FileHandle) { self.file = file }

    func next() -> Data? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = Data(unread[(end + 1)...]) }
                return Data(unread[..<end])
            }
            let more = file.availableData
            if more.isEmpty { return nil }
            unread += more
        }
    }
}
