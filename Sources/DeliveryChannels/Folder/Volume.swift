import FoundationEssentials
import Glibc

/// A volume that is mounted in the courier, and the folders in it. Every call blocks.
struct Volume: Hashable, Sendable {
    let path: String
    /// Whether a folder of the container itself will do, which is lost with it: for tests.
    var mayBeContainersOwn = false

    /// The folder that these segments lead to, made where it isn't there. No step follows a link.
    func folder(_ segments: [String]) throws(FolderFault) -> VolumeFolder {
        var place = path
        guard var folder = Descriptor(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else {
            throw FolderFault(errno, at: place, volume: path)
        }
        try checkMount(folder.raw)
        for segment in segments {
            place += "/" + segment
            let isNew = mkdirat(folder.raw, segment, 0o777) == 0
            // The next step says what is wrong, where it is more than that it exists.
            let failure = isNew ? 0 : errno
            guard let next = Descriptor(openat(folder.raw, segment, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
            else { throw FolderFault(errno == ENOENT && failure != EEXIST ? failure : errno, at: place, volume: path) }
            if isNew { try VolumeFolder.sync(folder.raw, at: place, volume: path) }
            folder = next
        }
        return VolumeFolder(descriptor: folder, path: place, volume: path)
    }

    /// How much may be written, in bytes; nil where the file system doesn't say.
    func freeBytes() -> UInt64? {
        var figures = statvfs()
        guard statvfs(path, &figures) == 0, figures.f_blocks > 0 else { return nil }
        return UInt64(figures.f_bavail) * UInt64(figures.f_frsize)
    }

    /// What is written to a container's own layer is lost with the pod.
    private func checkMount(_ folder: CInt) throws(FolderFault) {
        var (own, root) = (stat(), stat())
        guard !mayBeContainersOwn, fstat(folder, &own) == 0, stat("/", &root) == 0, own.st_dev == root.st_dev,
            Self.isContainer(mounts: Self.mounts)
        else { return }
        throw FolderFault(
            .configuration,
            "\(path) is a folder of the container, which is lost with it; mount the volume there in the courier's "
                + "Deployment")
    }

    /// Whether the root is laid over an image, as container runtimes do. `mounts`: as in `/proc/self/mountinfo`.
    static func isContainer(mounts: String) -> Bool {
        mounts.split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            guard words.count > 6, words[4] == "/", let dash = words.firstIndex(of: "-") else { return false }
            return words[dash...].dropFirst().first == "overlay"
        }
    }

    private static var mounts: String {
        (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
    }
}
