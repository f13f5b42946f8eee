import AsyncSupport
import FoundationEssentials
import Glibc
import ReportRecords

/// Makes files, each in a process of its own: this program again, with a hidden command.
package struct RenderProcess: Sendable {
    /// The program and what precedes `--job`: `["/proc/self/exe", "render"]`.
    private let command: [String]
    private let limits: RenderLimits
    /// Has room for rows and files.
    private let folder: String

    package init(command: [String], limits: RenderLimits = RenderLimits(), folder: String) {
        self.command = command
        self.limits = limits
        self.folder = folder
    }

    /// A file that was made, in a folder of its own, which goes with it.
    package struct Made: ~Copyable {
        package let path: String
        private let folder: Workplace

        fileprivate init(path: String, folder: consuming Workplace) {
            self.path = path
            self.folder = folder
        }
    }

    /// `writeRows` writes the documents with the rows to a file at that path.
    ///
    /// Throws `RenderFault`, or what `writeRows` throws.
    package func make(
        _ job: RenderJob, writeRows: (_ path: String) async throws -> Void
    ) async throws -> Made {
        let place = try Workplace(in: folder)
        let (jobPath, rows, output) = (place.path("job.json"), place.path("rows.bson"), place.path("output"))
        try await writeRows(rows)
        try JSONEncoder().encode(job).write(to: URL(filePath: jobPath))
        let arguments =
            command.dropFirst() + [
                "--job", jobPath, "--rows", rows, "--output", output, "--memory", "\(limits.memory)",
                "--processor-seconds", "\(limits.processorSeconds)", "--file-size", "\(limits.fileSize)",
            ]
        // No setlocale and nothing of our own environment: the same input gives the same bytes.
        var environment = ["TMPDIR": place.root, "HOME": place.root, "LANG": "C.UTF-8"]
        for name in ["FONTCONFIG_FILE", "FONTCONFIG_PATH", "PATH"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        let answer: Data
        do throws(ChildProcess.Failure) {
            answer = try await ChildProcess.output(
                of: command[0], arguments: Array(arguments), environment: environment, inheritsInput: false,
                timeout: limits.duration)
        } catch {
            throw RenderFault(error, limits: limits, format: job.format)
        }
        guard let outcome = try? JSONDecoder().decode(RenderOutcome.self, from: answer) else {
            throw RenderFault.failed("the renderer ended without a word")
        }
        switch outcome {
        case .made: return Made(path: output, folder: place)
        case .refused(let faults): throw RenderFault.refused(faults)
        case .failed(let detail): throw RenderFault.failed(detail)
        }
    }
}

/// A folder for one file's making; removed with all that is in it.
struct Workplace: ~Copyable {
    let root: String

    init(in folder: String) throws {
        root = "\(folder)/\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { "\(root)/\(name)" }
}
