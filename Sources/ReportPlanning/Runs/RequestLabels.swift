import DeliveryPlanning
import KubernetesModel
package import ReportAPI

/// Labels by which people select requests: `kubectl get rr -l reports.ers.dev/pipeline=trial-balance`.
///
/// They stand for nothing: what a request asks for, and who asks, is in its spec.
package enum RequestLabels {
    /// Those that follow from the spec. Each value is one that the API server takes.
    package static func of(_ request: ReportRequest) -> [String: String] {
        guard let spec = request.spec.value else { return [:] }
        var labels: [String: String] = [:]
        if let name = spec.pipelineRef?.name, NameForm.isSubdomain(name) {
            labels[ReportsAPI.Label.pipeline] = ObjectNames.label(name)
        }
        labels[ReportsAPI.Label.requester] = (spec.requester?.email ?? spec.requester?.name).flatMap(value)
        return labels
    }

    /// `dana_example.com` for `Dana@example.com`: in small letters, with `_` for whatever a label can't have; nil where nothing
    /// is left.
    static func value(_ text: String) -> String? {
        let mapped = text.lowercased().unicodeScalars.prefix(1024).map { scalar in
            scalar.isASCIILetterOrDigit || "-_.".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
        }
        guard let first = mapped.firstIndex(where: \.isLabelEnd), let last = mapped.lastIndex(where: \.isLabelEnd)
        else {
            return nil
        }
        return ObjectNames.label(String(mapped[first...last]))
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetterOrDigit: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}

extension Character {
    /// Whether a label's value may begin and end with it.
    fileprivate var isLabelEnd: Bool { self != "-" && self != "_" && self != "." }
}
