import Digests
import FoundationEssentials
import Glibc
import ObjectStorage
import ReportArchive
import Synchronization

/// An archive in a bucket, with the folder on this machine that files are in on their way there.
final class RemoteArchive: Sendable {
    /// Only this object's; it goes with it.
    let staging: String
    /// In the names of all files that this object writes.
    let run: String
    private let bucket: S3Bucket
    /// Of the manifest as it was read first.
    private let manifest = Mutex(Manifest.unread)
    private let count = Atomic(0)

    /// The age after which a file that no manifest names was left by a writer that was killed. None writes for longer.
    private static let leftoverAge: Int64 = 7 * 86_400

    private enum Manifest: Equatable {
        case unread
        case absent
        case tag(String)
    }

    /// `temporary`: the folder for that folder, which is made if it isn't there; `TMPDIR` where nil.
    init(_ bucket: S3Bucket, temporary: String? = nil) throws {
        self.bucket = bucket
        run = String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16)
        let folder =
            temporary ?? ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        if temporary != nil { mkdir(folder, 0o700) }
        var template = Array("\(folder)/report-archive-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ArchiveFolder.trouble(folder, "can't be written") }
        staging = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: staging) }

    /// A file's content, in a file without a name; nil where there is none.
    func fetch(_ name: String) async throws -> CInt? {
        let path = "\(staging)/fetched-\(count.add(1, ordering: .relaxed).newValue)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ArchiveFolder.trouble(path, "can't be written") }
        unlink(path)
        do {
            let tag = try await explaining { try await self.bucket.get(name, into: descriptor) }
            if name == ArchivePath.manifest { try note(tag.map(Manifest.tag) ?? .absent) }
            guard tag != nil else {
                close(descriptor)
                return nil
            }
            guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw ArchiveFolder.trouble(path, "can't be read") }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// The manifest is read several times, and has to be the same each time.
    private func note(_ tag: Manifest) throws {
        let isSame = manifest.withLock { known in
            if known == .unread { known = tag }
            return known == tag
        }
        if !isSame { throw overtaken }
    }

    private var overtaken: ArchiveTrouble {
        ArchiveTrouble("\(bucket.location): another command has written this archive meanwhile", isBusy: true)
    }

    /// Brings a file there that is whole, and takes it out of the folder.
    func upload(_ output: ArchiveOutput) async throws {
        let path = "\(staging)/\(output.name)"
        let (size, digest) = (output.size, output.digestSoFar())
        _ = try await explaining {
            try await self.bucket.put(output.name, file: path, size: size, sha256: digest) ? "" : nil
        }
        unlink(path)
    }

    /// Only where the object is still the one that was read.
    func replace(_ name: String, by newer: String, size: Int) async throws {
        let path = "\(staging)/\(newer)"
        let digest = try Self.digest(of: path)
        let condition: S3Bucket.Condition =
            switch manifest.withLock({ $0 }) {
            case .unread, .absent: .absent
            case .tag(let tag): .tag(tag)
            }
        let done = try await explaining {
            try await self.bucket.put(name, file: path, size: size, sha256: digest, if: condition) ? "" : nil
        }
        guard done != nil else { throw overtaken }
        unlink(path)
        manifest.withLock { $0 = .unread }
    }

    private static func digest(of path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveFolder.trouble(path, "can't be read") }
        return try ArchiveFile(name: path, descriptor: descriptor).finish().sha256
    }

    func remove(_ name: String) async throws {
        _ = try await explaining {
            try await self.bucket.remove(name)
            return nil
        }
    }

    func list(isYoungToo: Bool) async throws -> [String] {
        let oldest = Int64(Date().timeIntervalSince1970) - Self.leftoverAge
        var names: [String] = []
        do {
            try await bucket.list { object in if isYoungToo || object.at < oldest { names.append(object.name) } }
        } catch let trouble as S3Trouble { throw Self.told(trouble) }
        return names
    }

    /// Gives up what a writer that was killed had sent in parts.
    func abortUploads(isYoungToo: Bool) async throws {
        let now = Int64(Date().timeIntervalSince1970)
        do {
            try await bucket.abortUploads(before: isYoungToo ? .max : now - Self.leftoverAge) { name in
                name == ArchivePath.manifest || ArchivePath.isSafe(name)
            }
        } catch let trouble as S3Trouble { throw Self.told(trouble) }
    }

    private func explaining(_ body: () async throws -> String?) async throws -> String? {
        do { return try await body() } catch let trouble as S3Trouble { throw Self.told(trouble) }
    }

    private static func told(_ trouble: S3Trouble) -> ArchiveTrouble {
        ArchiveTrouble(trouble.description, isBusy: trouble.isPassing)
    }
}
