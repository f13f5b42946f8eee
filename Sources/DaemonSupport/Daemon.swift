package import ArgumentParser
import Glibc
import ReportStores

package enum Daemon {
    /// Runs a program's command, as the library's own `main` does, but ends the process without exit handlers: OpenSSL's would
    /// free what the transport's thread may be using at that moment.
    package static func main(_ program: (some ParsableCommand).Type) async {
        ReportStore.discardCounters()
        do {
            var command = try program.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            _exit(EXIT_SUCCESS)
        } catch {
            let code = program.exitCode(for: error)
            let stream = code.isSuccess ? STDOUT_FILENO : STDERR_FILENO
            let message = Array("\(program.fullMessage(for: error))\n".utf8)
            _ = message.withUnsafeBytes { write(stream, $0.baseAddress, $0.count) }
            _exit(code.rawValue)
        }
    }
}
