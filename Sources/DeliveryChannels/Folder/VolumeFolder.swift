import Glibc

/// A folder in a volume. Every call blocks.
struct VolumeFolder: ~Copyable {
    let descriptor: Descriptor
    let path: String
    let volume: String

    enum Existing: Hashable {
        case none
        /// With that many bytes.
        case file(Int)
        /// A link or a device: renaming replaces it, and follows nothing.
        case other
        case folder
    }

    init(descriptor: consuming Descriptor, path: String, volume: String) {
        self.descriptor = descriptor
        self.path = path
        self.volume = volume
    }

    func fault(_ code: CInt, _ name: String) -> FolderFault {
        FolderFault(code, at: "\(path)/\(name)", volume: volume)
    }

    func existing(_ name: String) throws(FolderFault) -> Existing {
        var status = stat()
        guard fstatat(descriptor.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            guard errno == ENOENT else { throw fault(errno, name) }
            return .none
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(Int(status.st_size))
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    func openToRead(_ name: String) throws(FolderFault) -> Descriptor {
        guard let file = Descriptor(openat(descriptor.raw, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)) else {
            throw fault(errno, name)
        }
        return file
    }

    /// A new file; with `isExclusive` one of that name is a fault.
    func create(_ name: String, isExclusive: Bool = true) throws(FolderFault) -> Descriptor {
        let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (isExclusive ? O_EXCL : O_TRUNC)
        guard let file = Descriptor(openat(descriptor.raw, name, flags, 0o666)) else { throw fault(errno, name) }
        return file
    }

    func write(_ bytes: UnsafeRawBufferPointer, to file: borrowing Descriptor, _ name: String) throws(FolderFault) {
        var rest = bytes
        while !rest.isEmpty {
            let raw = file.raw
            let count = uninterrupted { Glibc.write(raw, rest.baseAddress, rest.count) }
            guard count > 0 else { throw fault(count == 0 ? ENOSPC : errno, name) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Waits until it is on the disk; file servers say only now that there is no room.
    func sync(_ file: borrowing Descriptor, _ name: String) throws(FolderFault) {
        guard fsync(file.raw) == 0 else { throw fault(errno, name) }
    }

    /// False where the file to rename is gone.
    func rename(_ name: String, to other: String) throws(FolderFault) -> Bool {
        if renameat(descriptor.raw, name, descriptor.raw, other) == 0 { return true }
        guard errno == ENOENT else { throw fault(errno, other) }
        return false
    }

    /// Names are on the disk after it.
    func sync() throws(FolderFault) { try Self.sync(descriptor.raw, at: path, volume: volume) }

    static func sync(_ folder: CInt, at path: String, volume: String) throws(FolderFault) {
        guard fsync(folder) != 0 else { return }
        // Some file servers know no such thing.
        guard errno == EINVAL || errno == ENOTSUP || errno == EBADF else {
            throw FolderFault(errno, at: path, volume: volume)
        }
    }

    /// Takes a file away, if it is there.
    func remove(_ name: String) { _ = unlinkat(descriptor.raw, name, 0) }

    /// Takes away all whose names begin like that, of the first hundred thousand.
    func removeAll(beginningWith prefix: String) {
        let copy = openat(descriptor.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return }
        guard let list = fdopendir(copy) else {
            close(copy)
            return
        }
        defer { closedir(list) }
        var found: [String] = []
        for _ in 0..<100_000 {
            guard let entry = readdir(list) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(prefix) { found.append(name) }
        }
        for name in found { remove(name) }
    }
}
