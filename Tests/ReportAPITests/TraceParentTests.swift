import Foundation
import KubernetesModel
import ReportAPI
import Testing

struct TraceParentTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    @Test(arguments: [
        ("00-\(trace)-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-01"),
        ("00-\(trace)-00f067aa0ba902b7-00", "00-\(trace)-00f067aa0ba902b7-00"),
        // What a later version adds isn't known.
        ("cc-\(trace)-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-01"),
        ("cc-\(trace)-00f067aa0ba902b7-01-what-the-future-will-be-like", "00-\(trace)-00f067aa0ba902b7-01"),
    ])
    func onesOfTheStandardAreRead(text: String, read: String) {
        #expect(TraceParent(text)?.description == read)
    }

    /// The standard's own test suite has these.
    @Test(arguments: [
        "", "00", "00-\(trace)-00f067aa0ba902b7", "00-\(trace)-00f067aa0ba902b7-1", "00-\(trace)-00f067aa0ba902b7-01-",
        "00-\(trace)-00f067aa0ba902b7-01.", "cc-\(trace)-00f067aa0ba902b7-01.x", "ff-\(trace)-00f067aa0ba902b7-01",
        ".0-\(trace)-00f067aa0ba902b7-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-\(trace)-0000000000000000-01", "00-\(trace)-00F067AA0BA902B7-01", "00-\(trace)-00f067aa0ba902b.-01",
        " 00-\(trace)-00f067aa0ba902b7-01", "00_\(trace)_00f067aa0ba902b7_01",
        "00-\(trace)-00f067aa0ba902b\u{301}7-01",
    ])
    func othersArePassedOver(text: String) {
        #expect(TraceParent(text) == nil)
    }

    @Test(arguments: [("00-\(trace)-00f067aa0ba902b7-01", true), ("$(REPORT_ID)", false)])
    func aRequestBringsItAsAnAnnotation(text: String, isRead: Bool) throws {
        let json = """
            {"metadata": {"name": "a", "namespace": "b", "uid": "c",
            "annotations": {"reports.ers.dev/traceparent": "\(text)", "reports.ers.dev/accepted-uid": "c"}}, "spec": {}}
            """
        let request = try JSONDecoder().decode(ReportRequest.self, from: Data(json.utf8))
        #expect(request.traceParent?.description == (isRead ? text : nil))
        let again = try JSONDecoder().decode(ReportRequest.self, from: try JSONEncoder().encode(request))
        #expect(again.traceParent == request.traceParent && again.acceptedUID == "c")
    }
}
