package import Digests
import FoundationEssentials
import Glibc
package import ObjectStorage
import ReportArchive

/// The folder that an archive is in. No link is ever followed below it, and nothing outside of it is touched.
///
/// Or a part of a bucket: then files are written to a folder of this object's own before they go there, and what is read
/// comes whole before it is looked at. Nothing locks a bucket: who writes names files as nobody else does, and puts a
/// manifest in its place only where it is still the one that was read.
package final class ArchiveFolder: Sendable {
    /// What is about to be done to the folder.
    package enum Step: Hashable, Sendable {
        case create(String)
        case write(String)
        case rename(String)
        case remove(String)
    }

    package let path: String
    /// The same, from the root on and without links: what others may find it by.
    package let place: String
    private let root: CInt
    private let remote: RemoteArchive?
    /// The recipients that written reports are encrypted to; empty where they aren't.
    package let recipients: [AgeRecipient]
    /// What opens reports that are encrypted.
    package let identities: [AgeIdentity]
    /// Called before each step; what it throws ends the work there, as a crash would. For tests.
    private let onStep: (@Sendable (Step) throws -> Void)?

    /// Opens the folder; `isToBeMade`: makes it where it isn't there.
    package init(
        _ path: String, isToBeMade: Bool = false, recipients: [AgeRecipient] = [], identities: [AgeIdentity] = [],
        onStep: (@Sendable (Step) throws -> Void)? = nil
    ) throws {
        self.path = path
        remote = nil
        self.recipients = recipients
        self.identities = identities
        self.onStep = onStep
        if isToBeMade, mkdir(path, 0o700) != 0, errno != EEXIST { throw Self.trouble(path, "can't be made") }
        root = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw Self.trouble(path, "can't be opened as a folder") }
        place = Self.place(path)
    }

    /// Of a part of a bucket. `temporary`: where its files are on their way; `TMPDIR` where nil.
    package init(
        _ bucket: S3Bucket, recipients: [AgeRecipient] = [], identities: [AgeIdentity] = [], temporary: String? = nil,
        onStep: (@Sendable (Step) throws -> Void)? = nil
    ) throws {
        let remote = try RemoteArchive(bucket, temporary: temporary)
        self.remote = remote
        self.recipients = recipients
        self.identities = identities
        self.onStep = onStep
        path = bucket.location.description
        place = path
        root = Glibc.open(remote.staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw Self.trouble(remote.staging, "can't be opened as a folder") }
    }

    /// Whether it is a part of a bucket.
    var isRemote: Bool { remote != nil }

    /// What tells files of this writer from those of another one; empty in a folder, which one at a time writes.
    var run: String { remote?.run ?? "" }

    package static func place(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    deinit { close(root) }

    /// Keeps others from writing the archive until this object is gone.
    package func lock() throws {
        guard remote == nil else { return }
        guard flock(root, LOCK_EX | LOCK_NB) == 0 else {
            throw ArchiveTrouble("\(path): another command is writing this archive", isBusy: true)
        }
    }

    /// Whether reports that are written are encrypted.
    var isSealing: Bool { !recipients.isEmpty }

    /// Opens a file for reading; nil where there is none.
    ///
    /// `isRaw`: one that is encrypted is read as it is. Else throws where nothing is known that opens it.
    package func file(_ name: String, isRaw: Bool = false) async throws -> ArchiveFile? {
        guard let remote, !Self.isStaged(name) else { return try localFile(name, isRaw: isRaw) }
        guard name == ArchivePath.manifest || ArchivePath.isSafe(name) else {
            throw ArchiveTrouble("\(name): is not the path of a file in an archive")
        }
        try checkKey(name, isRaw: isRaw)
        guard let descriptor = try await remote.fetch(name) else { return nil }
        let isSealed = ArchivePath.isSealed(name) && !isRaw
        return ArchiveFile(name: name, descriptor: descriptor, identities: isSealed ? identities : nil)
    }

    /// What never goes to a bucket: it becomes the manifest.
    private static func isStaged(_ name: String) -> Bool {
        name == ArchivePath.journal || name == ArchivePath.newManifest
    }

    private func checkKey(_ name: String, isRaw: Bool) throws {
        guard ArchivePath.isSealed(name), !isRaw, identities.isEmpty else { return }
        throw ArchiveTrouble("\(name): is encrypted; name the file of its key: --identity", isOfKey: true)
    }

    private func localFile(_ name: String, isRaw: Bool) throws -> ArchiveFile? {
        guard let (folder, last) = try folder(of: name, isToBeMade: false) else { return nil }
        defer { if folder != root { close(folder) } }
        let descriptor = openat(folder, last, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.trouble(name, errno == ELOOP ? "is a link, which no archive has" : "can't be opened")
        }
        let isSealed = ArchivePath.isSealed(name) && !isRaw
        let file = ArchiveFile(name: name, descriptor: descriptor, identities: isSealed ? identities : nil)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ArchiveTrouble("\(name): is not a plain file")
        }
        try checkKey(name, isRaw: isRaw)
        return file
    }

    /// Makes a file, or starts it over.
    package func create(_ name: String) throws -> ArchiveOutput {
        try onStep?(.create(name))
        guard let (folder, last) = try folder(of: name, isToBeMade: true) else {
            throw Self.trouble(name, "can't be made")
        }
        defer { if folder != root { close(folder) } }
        let descriptor = openat(folder, last, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.trouble(name, "can't be written") }
        return try ArchiveOutput(
            name: name, descriptor: descriptor, recipients: ArchivePath.isSealed(name) ? recipients : nil,
            onStep: onStep)
    }

    /// Continues a file after its first `length` bytes, and drops what came after them.
    package func reopen(_ name: String, length: Int) throws -> ArchiveOutput {
        try onStep?(.create(name))
        let descriptor = openat(root, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.trouble(name, "can't be written") }
        let output = try ArchiveOutput(name: name, descriptor: descriptor, onStep: onStep)
        guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw Self.trouble(name, "can't be cut")
        }
        return output
    }

    /// Puts a file of the folder itself in another's place, and waits until the disk knows.
    package func replace(_ name: String, by newer: String) async throws {
        try onStep?(.rename(name))
        if let remote { return try await remote.replace(name, by: newer, size: size(of: newer)) }
        guard renameat(root, newer, root, name) == 0, fsync(root) == 0 else {
            throw Self.trouble(name, "can't be put in its place")
        }
    }

    private func size(of name: String) throws -> Int {
        var status = stat()
        guard fstatat(root, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw Self.trouble(name, "has gone") }
        return Int(status.st_size)
    }

    /// Waits until what was written is where it lasts. Can be asked on any thread, of many at once.
    func settle(_ output: ArchiveOutput) async throws {
        guard let remote else { return try output.settle() }
        try await remote.upload(output)
    }

    /// Waits until the disk has a file that somebody else has written, and may have died before it was there.
    package func settle(file name: String) throws {
        guard let file = try localFile(name, isRaw: true) else { throw ArchiveTrouble("\(name): has gone") }
        try file.settle()
    }

    /// Waits until the disk knows which files a folder has, and each folder on the way to it.
    package func settle(_ place: String) throws {
        guard remote == nil else { return }
        var folder = root
        defer { if folder != root { close(folder) } }
        for part in place.split(separator: "/") {
            let next = openat(folder, String(part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if folder != root { close(folder) }
            folder = next
            guard folder >= 0, fsync(folder) == 0 else {
                throw Self.trouble(place, "can't be written to the disk")
            }
        }
    }

    package func remove(_ name: String) async throws {
        try onStep?(.remove(name))
        if let remote, !Self.isStaged(name) { return try await remote.remove(name) }
        guard let (folder, last) = try folder(of: name, isToBeMade: false) else { return }
        defer { if folder != root { close(folder) } }
        guard unlinkat(folder, last, 0) == 0 || errno == ENOENT else { throw Self.trouble(name, "can't be removed") }
    }

    /// The files that are where an archive has its reports, in no order. `isYoungToo`: in a bucket also those that another
    /// writer may just have written.
    package func reportFiles(isYoungToo: Bool) async throws -> [String] {
        if let remote { return try await remote.list(isYoungToo: isYoungToo) }
        var files: [String] = []
        try localFiles { files.append($0) }
        return files
    }

    /// Gives up what a writer that was killed was about to put there. `isYoungToo`: as of `reportFiles`.
    func abortUploads(isYoungToo: Bool) async throws { try await remote?.abortUploads(isYoungToo: isYoungToo) }

    private func localFiles(_ body: (String) throws -> Void) throws {
        for bucket in try names(root, isFolder: true) {
            let descriptor = openat(root, bucket, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            for month in try names(descriptor, isFolder: true) {
                let folder = openat(descriptor, month, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                guard folder >= 0 else { continue }
                defer { close(folder) }
                for name in try names(folder, isFolder: false) { try body("\(bucket)/\(month)/\(name)") }
            }
        }
    }

    private func names(_ folder: CInt, isFolder: Bool) throws -> [String] {
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let list = fdopendir(copy) else { throw Self.trouble(path, "can't be listed") }
        defer { closedir(list) }
        var names: [String] = []
        while let entry = readdir(list) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != "..", (entry.pointee.d_type == UInt8(DT_DIR)) == isFolder else { continue }
            names.append(name)
        }
        return names
    }

    /// The folder that a file is in, which is the root itself or for the caller to close, and its name there.
    private func folder(of name: String, isToBeMade: Bool) throws -> (CInt, String)? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else { return (root, name) }
        guard ArchivePath.isSafe(name) else {
            throw ArchiveTrouble("\(name): is not the path of a file in an archive")
        }
        var folder = root
        for part in parts.dropLast() {
            if isToBeMade, mkdirat(folder, part, 0o700) != 0, errno != EEXIST {
                throw Self.trouble(name, "can't be made")
            }
            let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let reason = errno
            if folder != root { close(folder) }
            guard next >= 0 else {
                if reason == ENOENT { return nil }
                throw ArchiveTrouble("\(name): a folder on its way is a link, or can't be opened")
            }
            folder = next
        }
        return (folder, parts.last ?? name)
    }

    static func trouble(_ name: String, _ what: String) -> ArchiveTrouble {
        ArchiveTrouble("\(name): \(what): \(String(cString: strerror(errno)))")
    }
}
