import Glibc

/// What a process that makes a file may take of the machine. A font that crashes a library, or a report that is too large,
/// then harms that one file.
package struct RenderLimits: Hashable, Sendable {
    /// Of data that it allocates, in bytes; fonts and libraries, which are mapped, don't count.
    package var memory = 256 << 20
    package var processorSeconds = 300
    /// From its start to its end.
    package var duration: Duration = .seconds(600)
    /// Of the file, in bytes.
    package var fileSize = 1 << 30

    package init() {}

    /// Binds the process that calls it, before it does anything else. The duration is its parent's to see to.
    package func apply() {
        Self.limit(RLIMIT_DATA, to: memory)
        // A second more before it is killed outright.
        Self.limit(RLIMIT_CPU, to: processorSeconds, hard: processorSeconds + 1)
        Self.limit(RLIMIT_FSIZE, to: fileSize)
        // No picture of its memory, which holds a report, on any disk.
        Self.limit(RLIMIT_CORE, to: 0)
        // What is too long is then an error of the write that finds it.
        signal(SIGXFSZ, SIG_IGN)
    }

    private static func limit(_ resource: __rlimit_resource, to soft: Int, hard: Int? = nil) {
        var limit = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard ?? soft))
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
