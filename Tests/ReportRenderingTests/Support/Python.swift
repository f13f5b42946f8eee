import Foundation
import ProgramSupport

/// Another program's opinion of a file, in a few lines of Python's own library.
enum Python {
    /// Runs the script, with the file's path and the arguments as `sys.argv[1:]`, and decodes the JSON that it prints.
    static func run<Answer: Decodable>(
        _ script: String, _ file: RenderedFile, _ arguments: String..., as type: Answer.Type = Answer.self
    ) throws -> Answer {
        // The file is removed with its last use.
        defer { withExtendedLifetime(file) {} }
        let data = try ChildProgram.output(of: ["/usr/bin/python3", "-c", script, file.path] + arguments)
        return try JSONDecoder().decode(type, from: data)
    }
}
