import Glibc

/// A file of the disk that is written piece by piece.
final class FileSink {
    private var file: UnsafeMutablePointer<FILE>?

    /// Throws `FileTrouble`, as do the others.
    init(path: String) throws(FileTrouble) {
        file = fopen(path, "wb")
        if file == nil { throw Self.trouble() }
    }

    deinit { if let file { fclose(file) } }

    func write(_ bytes: [UInt8]) throws(FileTrouble) {
        guard let file, bytes.withUnsafeBytes({ fwrite($0.baseAddress, 1, $0.count, file) == $0.count }) else {
            throw Self.trouble()
        }
    }

    func close() throws(FileTrouble) {
        guard let file else { return }
        self.file = nil
        guard fclose(file) == 0 else { throw Self.trouble() }
    }

    private static func trouble() -> FileTrouble {
        .transient(
            "can't keep a file while it is sent: \(String(cString: strerror(errno))); the courier's --work-folder needs room"
        )
    }
}
