import KubernetesModel
package import ReportPlanning

/// Of `POST /alerts/{namespace}/{trigger}`: what Alertmanager sends to a webhook, of which most is of no concern here.
package struct AlertsBody: Hashable, Sendable {
    /// Of Alertmanager's format.
    package static let version = "4"
    private static let maximumFingerprint = 64
    /// Of the faults that are told: alerts are made alike, and so are their faults.
    private static let maximumFaults = 20

    package let notices: [AlertNotice]

    package init(_ bytes: [UInt8]) throws(Problem) {
        let json = try BodyValue.read(bytes).json
        guard case .object = json else {
            throw .badRequest("the body must be a JSON object, as Alertmanager sends it")
        }
        var faults: [FieldError] = []
        if json["version"] != .string(Self.version) {
            faults.append(
                FieldError(
                    "version", value: json["version"], "must be \"\(Self.version)\", as Alertmanager's webhooks have it"
                ))
        }
        if json["alerts"]?.array == nil { faults.append(FieldError("alerts", "is required and must be a list")) }
        var notices: [AlertNotice] = []
        for (index, alert) in (json["alerts"]?.array ?? []).enumerated() {
            switch Self.read(alert, at: "alerts[\(index)]") {
            case .success(let notice): notices.append(notice)
            case .failure(let wrong) where faults.count < Self.maximumFaults: faults += wrong.errors
            case .failure: break
            }
        }
        guard faults.isEmpty else { throw .invalid(Array(faults.prefix(Self.maximumFaults))) }
        self.notices = notices
    }

    private static func read(_ alert: JSONValue, at place: String) -> Result<AlertNotice, Problem> {
        var faults: [FieldError] = []
        let status = alert["status"]?.string
        if status != "firing", status != "resolved" {
            faults.append(FieldError("\(place).status", value: alert["status"], "must be firing or resolved"))
        }
        let fingerprint = alert["fingerprint"]?.string ?? ""
        if !(1...maximumFingerprint).contains(fingerprint.unicodeScalars.count) {
            faults.append(
                FieldError(
                    "\(place).fingerprint", value: alert["fingerprint"],
                    "is required and must be a text of 1 to \(maximumFingerprint) characters"))
        }
        let labels = texts(alert["labels"])
        if labels == nil { faults.append(FieldError("\(place).labels", "is required and must be texts by name")) }
        let annotations: [String: String]? = alert["annotations"].map(texts) ?? [:]
        if annotations == nil { faults.append(FieldError("\(place).annotations", "must be texts by name")) }
        guard faults.isEmpty, let labels, let annotations else { return .failure(.invalid(faults)) }
        return .success(
            AlertNotice(
                fingerprint: fingerprint, isFiring: status == "firing", labels: labels, annotations: annotations))
    }

    private static func texts(_ value: JSONValue?) -> [String: String]? {
        guard let members = value?.object else { return nil }
        let texts = members.texts()
        return texts.count == members.count ? texts : nil
    }
}
