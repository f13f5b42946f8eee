import Foundation

/// Manifests as a person would write them, short.
enum Manifest {
    /// What stands in a cluster without a registry.
    static var image: String {
        ProcessInfo.processInfo.environment["REPORT_CLUSTER_TEST_IMAGE"] ?? "localhost/report-operator/busybox:1"
    }

    /// A request with its pipeline inline.
    ///
    /// `spec` and `pipeline` are more of their fields, in YAML's flow style, such as `priority: 5`.
    static func request(_ name: String, spec: String = "", pipeline: String = "", stages: String...) -> String {
        let fields = [pipeline, "stages: [\(stages.joined(separator: ", "))]"].filter { !$0.isEmpty }
        let all = [spec, "pipeline: {\(fields.joined(separator: ", "))}"].filter { !$0.isEmpty }
        return """
            apiVersion: reports.ers.dev/v1
            kind: ReportRequest
            metadata: {name: \(name)}
            spec: {\(all.joined(separator: ", "))}

            """
    }

    /// A stage that runs a script for busybox's sh; `more` are other fields of it, such as `retries: 1`.
    ///
    /// `pod` is the `spec` of its pod template. Unless told otherwise it ends soon, since sh leaves SIGTERM alone.
    static func stage(
        _ name: String, _ script: String, _ more: String = "", image: String = image,
        pod: String = "terminationGracePeriodSeconds: 1"
    ) -> String {
        let fields = [
            "name: \(name)", "image: \(quoted(image))", "command: [sh, -c, \(quoted(script))]",
            "podTemplate: {spec: {\(pod)}}", more,
        ]
        return "{\(fields.filter { !$0.isEmpty }.joined(separator: ", "))}"
    }

    /// A stage that runs until `Scene.release`.
    static func held(_ name: String, _ more: String = "", pod: String = "terminationGracePeriodSeconds: 1") -> String {
        stage(name, "until [ -e /tmp/go ]; do sleep 0.1; done; echo released", more, pod: pod)
    }

    /// A scalar in double quotes, which JSON and YAML write alike.
    static func quoted(_ text: String) -> String {
        let quoted = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            // What YAML doesn't take as it is, or takes for the end of a line.
            case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
            default: String(scalar)
            }
        }
        return "\"\(quoted.joined())\""
    }
}
