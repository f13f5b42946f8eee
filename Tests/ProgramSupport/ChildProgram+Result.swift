package import Foundation

extension ChildProgram {
    /// What has become of a program.
    package struct Result: Sendable {
        /// 128 and the signal, where one has ended it.
        package let status: Int32
        package let output: Data
        package let errors: Data
    }

    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs a program to its end, on the thread that calls it. Throws `Failed` where that isn't reached in time.
    package static func result(
        of command: [String], environment: [String: String]? = nil, input: Data = Data(),
        within limit: Duration = .seconds(600)
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files: what nobody reads yet doesn't stop the program.
        let (given, output, errors) = (
            folder.appending(path: "input"), folder.appending(path: "output"), folder.appending(path: "errors")
        )
        if !input.isEmpty { try input.write(to: given) }
        let program = try ChildProgram(
            command, environment: environment, input: input.isEmpty ? .nothing : .file(given), output: .file(output),
            errors: .file(errors))
        let (status, isLate) = program.child.wait(within: limit)
        if isLate { throw Failed(description: "\(command.joined(separator: " ")) didn't end within \(limit)") }
        return Result(status: status, output: try Data(contentsOf: output), errors: try Data(contentsOf: errors))
    }

    /// What a program prints that ends with 0.
    @discardableResult
    package static func output(
        of command: [String], environment: [String: String]? = nil, input: Data = Data()
    ) throws -> Data {
        let result = try result(of: command, environment: environment, input: input)
        guard result.status == 0 else {
            let said = String(decoding: result.errors + result.output, as: UTF8.self)
            throw Failed(description: "\(command.joined(separator: " ")) ended with \(result.status): \(said)")
        }
        return result.output
    }
}
