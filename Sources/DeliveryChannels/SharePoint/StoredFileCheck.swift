import AsyncSupport
import Digests
import FoundationEssentials
import Glibc
import ReportAPI

/// Whether what SharePoint holds is what was sent.
///
/// SharePoint writes properties of its own into workbooks, and perhaps into others, so that they have another size and
/// another hash than what was sent. So a file that became longer counts as whole.
enum StoredFileCheck {
    enum Finding: Hashable, Sendable {
        /// Byte by byte, by its hash.
        case same
        case whole
        case damaged(String)
    }

    static func finding(_ item: DriveItem, _ file: Dispatch.File) async -> Finding {
        guard item.folder == nil else { return .damaged("a folder has the name \(file.name)") }
        guard let size = item.size else { return .whole }
        if file.format == .xlsx, size > 0, size != file.size { return .whole }
        if size < file.size { return .damaged("\(file.name) was stored with \(size) of its \(file.size) bytes") }
        if size > file.size { return .whole }
        if let hash = item.file?.hashes?.sha256Hash {
            return hash.lowercased() == file.sha256 ? .same : different(file)
        }
        guard let hash = item.file?.hashes?.quickXorHash, let own = await quickXor(file.path) else { return .whole }
        return hash == own ? .same : different(file)
    }

    private static func different(_ file: Dispatch.File) -> Finding {
        file.format == .xlsx ? .whole : .damaged("\(file.name) was stored with another content")
    }

    /// Nil where the file can't be read.
    private static func quickXor(_ path: String) async -> String? {
        await withCheckedContinuation { continuation in
            NativeThread.start(named: "file-hash") { continuation.resume(returning: hash(path)) }
        }
    }

    private static func hash(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var hash = QuickXorHash()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? Data(hash.finish()).base64EncodedString() : nil }
            hash.update(buffer[..<count])
        }
    }
}
