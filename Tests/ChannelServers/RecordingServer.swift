import Foundation
import LoopbackSupport
import ProgramSupport

/// A server in Python, in a process of its own, which prints its port and then a line of JSON for each thing that it was asked.
/// It ends with the tests, which hold the other end of its input.
final class RecordingServer<Record: Decodable & Sendable>: Sendable {
    let port: Int
    let records = Recorder<Record>()
    private let program: ChildProgram

    /// `arguments`: of Python.
    init(_ arguments: [String]) throws {
        program = try ChildProgram(["python3"] + arguments, input: .pipe, output: .pipe)
        guard let output = program.output else { throw CocoaError(.executableLoad) }
        let lines = LineReader(output)
        guard let first = lines.next(), let port = Int(String(decoding: first, as: UTF8.self)) else {
            throw CocoaError(.executableLoad)
        }
        self.port = port
        Thread.detachNewThread { [records] in
            while let line = lines.next() {
                guard let record = try? JSONDecoder().decode(Record.self, from: line) else { continue }
                records.append(record)
            }
        }
    }

    func stop() { program.closeInput() }
}
