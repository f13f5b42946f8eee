import ArgumentParser
import CourierController
import FoundationEssentials
import Glibc

/// Makes one file, in a process of its own. The courier starts it; its answer is JSON on standard output.
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Makes one file (the courier's own helper).", shouldDisplay: false)

    @Option(help: "A file with the job, as JSON.")
    var job: String

    @Option(help: "A file with the documents that hold the rows.")
    var rows: String

    @Option(help: "The file to make.")
    var output: String

    @Option(help: "Bytes of memory that it may take.")
    var memory: Int

    @Option(help: "Seconds of processor time that it may take.")
    var processorSeconds: Int

    @Option(help: "Bytes that the file may have.")
    var fileSize: Int

    func run() throws {
        var limits = RenderLimits()
        (limits.memory, limits.processorSeconds, limits.fileSize) = (memory, processorSeconds, fileSize)
        limits.apply()
        let outcome = RenderChild.outcome(job: job, rows: rows, output: output)
        // Written at once: the process ends without exit handlers, which would flush what was printed.
        let answer = try JSONEncoder().encode(outcome)
        _ = answer.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
