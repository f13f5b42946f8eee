import Foundation

/// Another program's opinion of a file, in a few lines of Python's own library.
enum Python {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs the script, with the file's path and the arguments as `sys.argv[1:]`, and decodes the JSON that it prints.
    static func run<Answer: Decodable>(
        _ script: String, _ file: RenderedFile, _ arguments: String..., as type: Answer.Type = Answer.self
    ) throws -> Answer {
        // The file is removed with its last use.
        defer { withExtendedLifetime(file) {} }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script, file.path] + arguments
        let (output, errors) = (Pipe(), FileHandle.standardError)
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "python3 ended with \(process.terminationStatus)")
        }
        return try JSONDecoder().decode(type, from: data)
    }
}
