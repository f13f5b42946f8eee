import Foundation
import JSONReading
import KubernetesModel
import Testing

/// What reading costs: linear in the bytes, whatever their shape. `REPORT_OPERATOR_FIGURES=1` prints milliseconds a megabyte, which
/// mean something in a release build.
@Suite(.serialized) struct CostTests {
    private struct Trimmed: Decodable {
        struct Status: Decodable {
            var phase: String?
            var podIP: String?
        }

        var metadata: ObjectMeta
        var status: Status?
    }

    private struct TrimmedList: Decodable { var items: [Trimmed] }

    private static let pod = """
        {"metadata":{"name":"p","namespace":"a","uid":"u","resourceVersion":"1","creationTimestamp":"2026-01-01T00:00:00Z",
        "labels":{"a":"b","c":"d"},"managedFields":[{"manager":"m","fieldsV1":{"f:metadata":{"f:labels":{"f:a":{},"f:b":{}}}}}],
        "ownerReferences":[{"apiVersion":"batch/v1","kind":"Job","name":"j","uid":"v","controller":true}]},
        "spec":{"containers":[{"name":"c","image":"registry.example/etl:1","env":[{"name":"A","value":"some text"},
        {"name":"B","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],"resources":{"requests":{"cpu":"1","memory":"1Gi"}}}]},
        "status":{"phase":"Running","podIP":"10.0.0.1","conditions":[{"type":"Ready","status":"True"}]}}
        """

    private static func chains(_ count: Int) -> String {
        let chain = String(repeating: #"{"a":"#, count: 480) + "1" + String(repeating: "}", count: 480)
        return "{\"p\":[\(Array(repeating: chain, count: count).joined(separator: ","))]}"
    }

    private static let shapes: [(String, @Sendable (Int) -> String)] = [
        ("a list of pods", { "{\"items\":[\(Array(repeating: pod, count: $0).joined(separator: ","))]}" }),
        ("chains 480 deep", { chains($0) }),
        ("one string with escapes", { "{\"p\":\"\(String(repeating: #"text\n\u00e9\"\\ 😀"#, count: $0 * 80))\"}" }),
        ("one string", { "{\"p\":\"\(String(repeating: "plain text, ", count: $0 * 160))\"}" }),
        ("one key with accents", { "{\"p\":{\"a\(String(repeating: "\u{301}", count: $0 * 1000))\":1}}" }),
        (
            "one key with accents of two classes",
            { "{\"p\":{\"a\(String(repeating: "\u{301}\u{323}", count: $0 * 500))\":1}}" }
        ),
        (
            "many keys with accents",
            { "{\"p\":{\((0..<$0 * 50).map { "\"\($0)e\u{301}\u{344}e\u{301}\":1" }.joined(separator: ","))}}" }
        ),
        (
            "many objects with short keys",
            { "{\"p\":[\(Array(repeating: #"{"a":1}"#, count: $0 * 200).joined(separator: ","))]}" }
        ),
        ("empty objects", { "{\"p\":[\(Array(repeating: "{}", count: $0 * 600).joined(separator: ","))]}" }),
        ("nulls", { "{\"p\":[\(Array(repeating: "null", count: $0 * 400).joined(separator: ","))]}" }),
        ("digits", { "{\"p\":[\(Array(repeating: "1", count: $0 * 900).joined(separator: ","))]}" }),
        ("empty strings", { "{\"p\":[\(Array(repeating: "\"\"", count: $0 * 600).joined(separator: ","))]}" }),
        (
            "an object of many members",
            { "{\"p\":{\((0..<$0 * 100).map { "\"k\($0)\":\($0)" }.joined(separator: ","))}}" }
        ),
        (
            "one member many times",
            { "{\"p\":{\(Array(repeating: "\"k\":1", count: $0 * 400).joined(separator: ","))}}" }
        ),
        ("brackets", { "{\"p\":[\(Array(repeating: "[]", count: $0 * 600).joined(separator: ","))]}" }),
        ("numbers", { "{\"p\":[\(Array(repeating: "12345.678e-3", count: $0 * 150).joined(separator: ","))]}" }),
        ("one number", { "{\"p\":1\(String(repeating: "7", count: $0 * 2000))}" }),
        ("one deep chain", { String(repeating: "[", count: $0 * 1000) + String(repeating: "]", count: $0 * 1000) }),
    ]

    /// This thread's processor time in milliseconds.
    private var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    /// The least of several, so that what else the machine does counts little.
    private func time(_ text: String) -> Double {
        let data = Data(text.utf8)
        return (0..<3).map { _ in
            let start = processorTime
            if text.hasPrefix("{\"items") {
                var count = 0
                try? JSONReader().readList("items", in: data) { _, _ in
                } element: {
                    if (try? Trimmed(from: $0)) != nil { count += 1 }
                }
                #expect(count > 0)
            } else {
                _ = try? JSONReader().decode([String: JSONValue].self, from: data)
            }
            return processorTime - start
        }.min() ?? 0
    }

    /// A square would make it sixteen times as long.
    @Test(arguments: shapes.indices) func fourTimesTheBytesTakeAboutFourTimesTheTime(index: Int) {
        let (name, make) = Self.shapes[index]
        let isFigures = ProcessInfo.processInfo.environment["REPORT_OPERATOR_FIGURES"] != nil
        let (small, large) = (make(isFigures ? 1000 : 20), make(isFigures ? 4000 : 80))
        // Once more where something else came between.
        let ratio = time(large) / time(small)
        #expect(ratio < 11 || time(large) / time(small) < 11, "\(name): \(ratio)")
        if isFigures { print("\(name): \(time(large) / Double(large.utf8.count) * 1e6) ms/MB") }
    }
}
