import Digests
import FoundationEssentials
import Glibc
import Synchronization

/// Puts the files of one copy into a folder, so that a reader sees each of them whole or not at all. It blocks.
struct FolderWrite: Sendable {
    struct Item: Sendable {
        enum Content: Sendable {
            case file(path: String, size: Int, sha256: String)
            case bytes([UInt8])
        }

        var name: String
        var content: Content
    }

    var volume: Volume
    var segments: [String]
    var items: [Item]
    /// The name of a notice that the files make untrue.
    var obsolete: String?
    /// Whether a file of that name may be another report's.
    var mayReplace: Bool
    /// What the names of its temporary files begin with: the same for each try.
    var temporaryPrefix: String
    var mayBegin: @Sendable () -> Bool
    var cutoff: Cutoff

    /// Bytes between two looks at the clock.
    private static let chunk = 256 << 10
    private static let stopped = FolderFault(.passing, "Stopped before it was written")

    func run() -> SendOutcome {
        switch Result(catching: { () throws(FolderFault) in try write() }) {
        case .success(let outcome): outcome
        case .failure(let fault): fault.outcome
        }
    }

    private func write() throws(FolderFault) -> SendOutcome {
        guard !cutoff.isOver else { throw Self.stopped }
        let folder = try volume.folder(segments)
        // Of a try that was cut off; one that still runs finds its file gone, and is repeated.
        folder.removeAll(beginningWith: temporaryPrefix)
        var missing: [Item] = []
        for item in items where try !isThere(item, in: folder) { missing.append(item) }
        let list = items.map(\.name).joined(separator: ", ")
        guard !missing.isEmpty else {
            if let obsolete { folder.remove(obsolete) }
            return .sent(id: folder.path, words: "\(list) already in \(folder.path)")
        }
        var written: [(temporary: String, name: String)] = []
        // After the renaming there is nothing of these names.
        defer { for (temporary, _) in written { folder.remove(temporary) } }
        for item in missing {
            let temporary = "\(temporaryPrefix)\(Self.digits()).part"
            written.append((temporary, item.name))
            try write(item, as: temporary, in: folder)
        }
        guard !cutoff.isOver, mayBegin() else { throw Self.stopped }
        for (temporary, name) in written where try !folder.rename(temporary, to: name) {
            throw FolderFault(.passing, "\(folder.path)/\(name) is being written by another courier at the same time")
        }
        try folder.sync()
        if let obsolete { folder.remove(obsolete) }
        return .sent(id: folder.path, words: "Wrote \(list) to \(folder.path)")
    }

    /// Whether the very same file is there; a fault where another may not be replaced.
    private func isThere(_ item: Item, in folder: borrowing VolumeFolder) throws(FolderFault) -> Bool {
        let (size, sha256) =
            switch item.content {
            case .file(_, let size, let sha256): (size, sha256)
            case .bytes(let bytes): (bytes.count, SHA256.of(bytes))
            }
        switch try folder.existing(item.name) {
        case .none: return false
        case .folder: throw folder.fault(EISDIR, item.name)
        case .file(size):
            let file = try folder.openToRead(item.name)
            if try digest(file, item.name, in: folder) == sha256 { return true }
            fallthrough
        case .file, .other:
            guard mayReplace else {
                throw FolderFault(
                    .forGood,
                    "\(folder.path)/\(item.name) is there with other contents; move it away, or set spec.folder.overwrite: true"
                )
            }
            return false
        }
    }

    private func digest(
        _ file: borrowing Descriptor, _ name: String, in folder: borrowing VolumeFolder
    ) throws(FolderFault) -> String {
        var digest = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunk, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            guard !cutoff.isOver else { throw Self.stopped }
            let raw = file.raw
            let count = uninterrupted { read(raw, buffer.baseAddress, buffer.count) }
            guard count >= 0 else { throw folder.fault(errno, name) }
            if count == 0 { return digest.finish() }
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func write(_ item: Item, as temporary: String, in folder: borrowing VolumeFolder) throws(FolderFault) {
        let file = try folder.create(temporary)
        switch item.content {
        case .bytes(let bytes):
            let result = bytes.withUnsafeBytes { bytes in
                Result { () throws(FolderFault) in try folder.write(bytes, to: file, item.name) }
            }
            try result.get()
        case .file(let path, let size, let sha256):
            guard let source = Descriptor(open(path, O_RDONLY | O_CLOEXEC)) else { throw Self.lost(path, errno) }
            var digest = SHA256()
            var copied = 0
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunk, alignment: 1)
            defer { buffer.deallocate() }
            while copied < size {
                guard !cutoff.isOver else { throw Self.stopped }
                let raw = source.raw
                let count = uninterrupted { read(raw, buffer.baseAddress, min(buffer.count, size - copied)) }
                guard count > 0 else { throw Self.lost(path, count < 0 ? errno : ENODATA) }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                digest.update(bytes)
                try folder.write(bytes, to: file, item.name)
                copied += count
            }
            guard digest.finish() == sha256 else { throw Self.lost(path, ENODATA) }
        }
        try folder.sync(file, item.name)
    }

    /// Of the courier's own disk.
    private static func lost(_ path: String, _ code: CInt) -> FolderFault {
        FolderFault(
            .passing,
            code == ENODATA
                ? "The courier's own file \(path) has changed" : "\(path): \(String(cString: strerror(code)))")
    }

    private static func digits() -> String { String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) }
}

/// When work that blocks is to stop, seen from the thread that does it.
final class Cutoff: Sendable {
    private let deadline: ContinuousClock.Instant
    private let isCancelled = Atomic(false)

    init(_ deadline: ContinuousClock.Instant) { self.deadline = deadline }

    var isOver: Bool { isCancelled.load(ordering: .acquiring) || ContinuousClock.now >= deadline }

    func cancel() { isCancelled.store(true, ordering: .releasing) }
}
