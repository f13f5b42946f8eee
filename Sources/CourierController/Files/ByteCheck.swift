import Digests

/// The bytes of a file in MongoDB aren't those that were stored.
struct DamagedFile: Error, CustomStringConvertible {
    let description: String
}

/// Whether bytes, as they come, are those of a file.
final class ByteCheck {
    private let name: String
    private let size: Int
    private let sha256: String
    private var seen = 0
    private var digest: SHA256? = SHA256()

    init(name: String, size: Int, sha256: String) {
        self.name = name
        self.size = size
        self.sha256 = sha256
    }

    func take(_ bytes: [UInt8]) throws(DamagedFile) {
        seen += bytes.count
        guard seen <= size else { throw fault("has more bytes than the \(size) that were stored") }
        digest?.update(bytes)
    }

    /// At the end of them.
    func finish() throws(DamagedFile) {
        guard seen == size else { throw fault("has \(seen) bytes of the \(size) that were stored") }
        guard let digest = digest.take(), digest.finish() == sha256 else {
            throw fault("has other bytes than were stored")
        }
    }

    private func fault(_ words: String) -> DamagedFile {
        DamagedFile(description: "the file \(name) in MongoDB is damaged: it \(words)")
    }
}
