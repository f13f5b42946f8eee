import ClusterSupport
import Foundation
import LoopbackSupport

extension CourierProcess {
    /// Waits for a line of its log with all of those words.
    func waitForLine(_ words: String..., within limit: Duration = .seconds(120)) async throws {
        try await eventually("the courier logs \(words): \(log.suffix(2000))", within: limit, every: .milliseconds(50))
        {
            Lines.has((try? Data(contentsOf: logFile)) ?? Data(), with: words)
        }
    }
}
