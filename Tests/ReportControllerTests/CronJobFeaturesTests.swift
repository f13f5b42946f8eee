import Foundation
import KubernetesClient
import Testing

@testable import ReportController

/// What is concluded from discovery.
@Suite struct CronJobFeaturesTests {
    @Test(arguments: [
        ("v1beta1", "1", "20", false), ("v1beta1", "1", "25", false), ("v1", "1", "24", false),
        ("v1", "1", "24+", false),
        ("v1", "1", "25", true), ("v1", "1", "25+", true), ("v1", "1", "136", true), ("v1", "2", "0", true),
        ("v1", "", "", false), ("v1", "1", "x", false),
    ])
    func zonesAreKnownFrom25On(version: String, major: String, minor: String, knowsTimeZones: Bool) throws {
        let answer = #"{"major": "\#(major)", "minor": "\#(minor)", "gitVersion": "v\#(major).\#(minor).0"}"#
        let server = try JSONDecoder().decode(ServerVersion.self, from: Data(answer.utf8))
        let features = CronJobFeatures(version: version, server: server)
        #expect(features.version == version && features.knowsTimeZones == knowsTimeZones)
    }
}
