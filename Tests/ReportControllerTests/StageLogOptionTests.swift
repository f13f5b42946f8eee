import ArgumentParser
import Logging
import PrometheusMetrics
import TestSupport
import Testing

@testable import ReportController
@testable import ReportOperator

/// `--stage-logs`, from the command line to who keeps them.
struct StageLogOptionTests {
    static let options: [([String], Bool)] = [
        ([], true), (["--stage-logs", "on"], true), (["--stage-logs", "off"], false),
    ]

    @Test(arguments: options)
    func stagesLogsAreKeptUnlessItIsOff(arguments: [String], isKept: Bool) throws {
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        // Nothing is connected yet.
        let options = try RunOptions.parse(["--mongodb-uri", "mongodb://127.0.0.1:1/"] + arguments)
        let metrics = MetricsRegistry()
        _ = ReportController(
            client: InMemoryAPIServer().client, options: .init(), stores: try options.stores(logger: logger),
            metrics: metrics, logger: logger)
        #expect(metrics.render().contains("report_operator_stage_logs_total") == isKept)
        #expect(metrics.render().contains("report_record_lag_seconds"))
    }
}
