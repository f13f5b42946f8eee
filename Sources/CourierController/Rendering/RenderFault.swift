import AsyncSupport
import Glibc
import ReportAPI

/// Why a file was not made, in a sentence for people.
package enum RenderFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The layout doesn't fit what was published: somebody has to change one of them.
    case refused([String])
    /// It took more than it may. Trying again is of no use.
    case tooMuch(String)
    /// The world's fault, which may pass.
    case failed(String)

    package var isPermanent: Bool {
        switch self {
        case .refused, .tooMuch: true
        case .failed: false
        }
    }

    package var description: String {
        switch self {
        case .refused(let faults): faults.joined(separator: "; ")
        case .tooMuch(let detail), .failed(let detail): detail
        }
    }

    /// A process that goes over a limit ends without a word of its own: SIGABRT is Swift's end, SIGTRAP GLib's,
    /// SIGSEGV cairo's, 127 the loader's, SIGKILL the kernel's where the pod has no memory left.
    init(_ failure: ChildProcess.Failure, limits: RenderLimits, format: OutputFormat) {
        let memory = "\(limits.memory >> 20) MiB"
        switch failure {
        case .timedOut(let limit):
            self = .tooMuch(
                "the \(format.rawValue) file took longer than \(limit.components.seconds) s; give the report fewer rows, or "
                    + "the courier a higher --render-seconds")
        case .signalled(SIGXCPU):
            self = .tooMuch(
                "the \(format.rawValue) file took more than \(limits.processorSeconds) s of processor time; give the report "
                    + "fewer rows, or the courier a higher --render-seconds")
        case .signalled(SIGABRT), .signalled(SIGTRAP), .signalled(SIGSEGV), .signalled(SIGILL), .signalled(SIGKILL),
            .exited(code: 127):
            self = .tooMuch(
                "the \(format.rawValue) file can't be made within \(memory) of memory, or a library failed at it; give the "
                    + "courier a higher --render-memory, or the report fewer rows")
        case .notFound, .notStarted, .exited, .signalled, .tooMuchOutput:
            self = .failed("the renderer \(failure)")
        }
    }
}
