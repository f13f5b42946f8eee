import Digests
import Glibc
import ReportRecords
import ReportRendering

/// Reads a file of the disk piece by piece.
final class FileSource {
    private let file: UnsafeMutablePointer<FILE>
    /// In bytes.
    let length: Int

    /// Throws `RenderFault` where it can't be opened.
    init(path: String) throws {
        guard let file = fopen(path, "rb"), fseek(file, 0, SEEK_END) == 0 else {
            throw RenderFault.failed("can't read the file that was made: \(String(cString: strerror(errno)))")
        }
        self.file = file
        length = ftell(file)
        rewind(file)
    }

    deinit { fclose(file) }

    /// The next bytes, as many as a chunk holds; none at the end. Throws `RenderFault`.
    func nextChunk() throws -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: ReportFile.chunkSize) { buffer, filled in
            filled = fread(buffer.baseAddress, 1, buffer.count, file)
        }
        guard ferror(file) == 0 else { throw RenderFault.failed("can't read the file that was made") }
        return bytes
    }

    /// Of the whole; then it starts over.
    func sha256() throws -> String {
        rewind(file)
        var digest = SHA256()
        while case let bytes = try nextChunk(), !bytes.isEmpty { digest.update(bytes) }
        rewind(file)
        return digest.finish()
    }
}
