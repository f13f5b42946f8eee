import Glibc

/// Why a volume doesn't take something, in a sentence that says what to do.
struct FolderFault: Error, Hashable {
    enum Kind: Hashable {
        /// It may pass: the disk is full, or the file server is away.
        case passing
        /// Someone has to mend the channel, or what is mounted.
        case configuration
        /// Never, with this name and file.
        case forGood
    }

    let kind: Kind
    let words: String

    init(_ kind: Kind, _ words: String) {
        self.kind = kind
        self.words = words
    }

    /// Of a call that failed. `place`: the path that it was about.
    init(_ code: CInt, at place: String, volume: String) {
        switch code {
        case ENOSPC: self.init(.passing, "\(volume) is full; free some space there, or enlarge the volume")
        case EDQUOT: self.init(.passing, "\(volume): the quota is used up; free some space there, or raise it")
        case EROFS: self.init(.configuration, "\(volume) is mounted read-only; mount it for writing in the courier")
        case EACCES, EPERM:
            self.init(
                .configuration,
                "\(place): the courier may not write there; let user \(geteuid()) or group \(getegid()) do so, or set "
                    + "fsGroup in its Deployment")
        case ENOENT where place == volume:
            self.init(
                .configuration,
                "\(volume) is not there; mount the volume in the courier's Deployment, or mend spec.folder.volume")
        case ENOTDIR where place == volume:
            self.init(.configuration, "\(volume) is not a folder; mend spec.folder.volume")
        case ENOTDIR, ELOOP:
            self.init(.forGood, "\(place) is a file or a link, not a folder; links aren't followed: move it away")
        case EISDIR, ENOTEMPTY, EEXIST:
            self.init(.forGood, "\(place) is a folder, where a file should be; move it away")
        case ENAMETOOLONG, EINVAL, EILSEQ:
            self.init(.forGood, "\(place): the file system doesn't take this name; mend spec.folder.path or fileName")
        case EFBIG: self.init(.forGood, "\(place): the file is larger than the file system takes")
        default: self.init(.passing, "\(place): \(String(cString: strerror(code)))")
        }
    }

    var outcome: SendOutcome {
        switch kind {
        case .passing: .deferred(words: words, after: nil)
        case .configuration: .misconfigured(words: words)
        case .forGood: .refused(words: words)
        }
    }

    var trial: ChannelTrial { kind == .passing ? .unreachable(words: words) : .misconfigured(words: words) }
}
