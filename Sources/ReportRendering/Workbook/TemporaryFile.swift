import Glibc

/// A file without a name: whatever happens to the process, nothing of it stays behind.
struct TemporaryFile: ~Copyable {
    let descriptor: Int32

    init(in folder: String) throws(RenderError) {
        var template = Array("\(folder)/report-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw RenderError(
                .cannotWrite, "the folder for temporary files, \(folder): \(String(cString: strerror(errno)))")
        }
        unlink(template)
    }

    deinit { close(descriptor) }

    /// By which a library opens it that wants a path.
    var path: String { "/proc/self/fd/\(descriptor)" }
}
