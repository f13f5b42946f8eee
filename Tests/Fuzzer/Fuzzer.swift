import FuzzReaders
import Glibc

/// `Fuzzer READER [OPTION OF LIBFUZZER…] FOLDER…`: has libFuzzer look for bytes that make a reader crash, hang, take much memory,
/// or give back something else than it read.
///
/// Built and run by hack/fuzz, with the toolchain's `-sanitize=fuzzer`. Without that there is no libFuzzer in it, and a build of
/// tests can make it too.
@main
enum Fuzzer {
    private typealias Driver =
        @convention(c) (
            UnsafeMutablePointer<CInt>, UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
            @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
        ) -> CInt

    /// Chosen once, before the first input.
    nonisolated(unsafe) private static var reader: Reader?

    static func main() {
        let names = Reader.all.map(\.name)
        guard CommandLine.arguments.count > 1, CommandLine.arguments[1] != "--list" else {
            return names.forEach { print($0) }
        }
        reader = Reader.all.first { $0.name == CommandLine.arguments[1] }
        guard reader != nil else {
            print("there is no reader \(CommandLine.arguments[1]); there are \(names.joined(separator: ", "))")
            exit(64)
        }
        guard let symbol = dlsym(nil, "LLVMFuzzerRunDriver") else {
            print("this program was built without libFuzzer; see hack/fuzz")
            exit(69)
        }
        // As if the reader's name were the program's.
        var count = CommandLine.argc - 1
        var arguments = CommandLine.unsafeArgv + 1
        exit(
            unsafeBitCast(symbol, to: Driver.self)(&count, &arguments) { bytes, count in
                Fuzzer.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
                return 0
            })
    }

    private static func read(_ bytes: [UInt8]) {
        if case .broken(let what)? = reader?.read(bytes) { fatalError(what) }
    }
}
