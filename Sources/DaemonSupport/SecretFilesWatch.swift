import FoundationEssentials
package import Logging
import ServiceLifecycle

/// Ends when a file that was read at the start has changed, has come or has gone, so that the process ends in good order and
/// is started again with what is there now: the kubelet does that, and it brings new Secrets to the files.
package struct SecretFilesWatch: Service {
    /// The kubelet takes up to a minute to bring a new Secret.
    private static let period: Duration = .seconds(10)

    private let contents: [String: Data?]
    private let logger: Logger

    /// Made before the files are read, so that no change in between is missed.
    package init(_ files: [String], logger: Logger) {
        contents = Dictionary(
            files.map { ($0, FileManager.default.contents(atPath: $0)) }, uniquingKeysWith: { first, _ in first })
        self.logger = logger
    }

    package func run() async {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.period, tolerance: .seconds(2))) != nil {
                for (file, old) in contents where FileManager.default.contents(atPath: file) != old {
                    logger.notice(
                        "A file has changed: ending, to be started again with it", metadata: ["file": "\(file)"])
                    return
                }
            }
        }
    }
}
