import Foundation
import FuzzReaders
import TestSupport
import Testing

/// Each reader gets bytes of its corpus that were changed at random. None may crash, none may take longer than bytes of
/// that number can cost, and what a reader takes has to mean the same when it is written and read again.
///
/// The same inputs each time; others with `FUZZ_SEED`, and for as many minutes as `FUZZ_MINUTES` says.
@Suite struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
    /// What a crash leaves there tells on what it happened.
    private static let folder = environment["FUZZ_FOLDER"] ?? NSTemporaryDirectory()
    /// Of processor time, for 32 KiB at most: two hundred times what any of them takes.
    private static let limit = Duration.seconds(2)
    /// That each reader gets where no time is given.
    private static let inputs = 1000

    private static let readers = Reader.all.filter { $0.name == environment["FUZZ_READER"] ?? $0.name }

    @Test(arguments: readers) func changedBytesAreReadOrRefused(reader: Reader) throws {
        let seed = Self.environment["FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let inputs = try Self.inputs(of: reader)
        var mutator = Mutator(corpus: inputs, seed: seed)
        let last = try LastInput(path: "\(Self.folder)/fuzz-\(reader.name)-\(getpid()).input")
        var (count, taken, slowest, slowestSize) = (0, 0, Duration.zero, 0)
        let end = Self.time.map { ContinuousClock.now + $0 }
        // What is meant well is read first.
        while count < inputs.count || (end.map { ContinuousClock.now < $0 } ?? (count < Self.inputs)) {
            let input = count < inputs.count ? inputs[count] : mutator.next()
            let isMeantWell = count < inputs.count
            count += 1
            last.note(input)
            let begin = ProcessorTime.ofThisThread
            let outcome = reader.read(input)
            let cost = ProcessorTime.ofThisThread - begin
            if cost > slowest { (slowest, slowestSize) = (cost, input.count) }
            switch outcome {
            case .refused: if isMeantWell { Issue.record("refused: \(Self.shown(input))") }
            case .taken:
                taken += 1
                if !isMeantWell { mutator.keep(input) }
            case .broken(let what): Issue.record("seed \(seed): \(what): \(Self.shown(input))")
            }
            if cost > Self.limit { Issue.record("seed \(seed): took \(cost): \(Self.shown(input))") }
        }
        last.remove()
        print(
            "\(reader.name): \(count) inputs by seed \(seed), \(taken) taken, slowest \(slowest), of \(slowestSize) bytes"
        )
        // Else nothing behind its first check was tried.
        #expect(taken > inputs.count)
    }

    /// What somebody wants to have read once more, such as what a crash has left.
    @Test(.enabled(if: environment["FUZZ_INPUT"] != nil), arguments: readers) func oneInput(reader: Reader) throws {
        let input = Array(try Data(contentsOf: URL(filePath: Self.environment["FUZZ_INPUT"] ?? "")))
        let outcome = reader.read(input)
        print("\(reader.name): \(outcome)")
        if case .broken(let what) = outcome { Issue.record("\(what)") }
    }

    /// For each reader, which share the processors; nil: a number of inputs.
    private static var time: Duration? {
        guard let minutes = environment["FUZZ_MINUTES"].flatMap({ Double($0) }) else { return nil }
        let atOnce = min(ProcessInfo.processInfo.activeProcessorCount, readers.count)
        return .seconds(minutes * 60 * Double(atOnce) / Double(readers.count))
    }

    /// Of a reader whose input is a line, its file's lines; of others the files of its folder.
    private static func inputs(of reader: Reader) throws -> [[UInt8]] {
        let file = corpus.appending(path: "\(reader.name).txt")
        if let lines = try? String(contentsOf: file, encoding: .utf8) {
            return lines.split(separator: "\n").map { Array($0.utf8) }
        }
        let folder = corpus.appending(path: reader.name)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.map { Array(try Data(contentsOf: folder.appending(path: $0))) }
    }

    /// So that it can be tried again: `FUZZ_INPUT`.
    private static func shown(_ input: [UInt8]) -> String { Data(input.prefix(4096)).base64EncodedString() }
}

extension Reader: CustomTestStringConvertible {
    public var testDescription: String { name }
}
