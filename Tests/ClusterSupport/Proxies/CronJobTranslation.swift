import KubernetesModel

/// Turns what is said of CronJobs in one version of `batch` into another, with the zones that the server behind may not
/// know: there they stand in an annotation.
struct CronJobTranslation: Sendable {
    private static let zone = "tests.ers.dev/time-zone"

    let release: KubernetesRelease
    /// Of the server behind.
    let innerVersion: String

    /// What is asked, as the server behind wants it.
    func inward(_ body: JSONValue, isPatch: Bool) -> JSONValue {
        let body = setVersion(innerVersion, in: body)
        guard case .object(var spec) = body["spec"] ?? .null else { return body }
        let zone = spec.removeValue(forKey: "timeZone")
        let zoneless = replacing("spec", in: body, by: .object(spec))
        func annotated(_ value: JSONValue) -> JSONValue {
            zoneless.merging(.object(["metadata": .object(["annotations": .object([Self.zone: value])])]))
        }
        // A release that doesn't know zones loses with any write also what another has written.
        guard release.keepsZones else { return isPatch ? annotated(.null) : zoneless }
        return zone.map(annotated) ?? zoneless
    }

    /// Something that is owned by a CronJob, as the server behind wants it.
    func inward(reference body: JSONValue) -> JSONValue { setVersion(innerVersion, in: body) }

    /// What is answered, as one hears it who asked in `version`.
    func outward(_ answer: JSONValue, version: String) -> JSONValue {
        setVersion(version, in: showZones(answer))
    }

    /// Of CronJobs, of lists of them and of references to them, however deep.
    private func setVersion(_ version: String, in value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { setVersion(version, in: $0) })
        case .object(var members):
            members = members.mapValues { setVersion(version, in: $0) }
            if members["kind"]?.string?.hasPrefix("CronJob") == true,
                members["apiVersion"]?.string?.hasPrefix("batch/") == true
            {
                members["apiVersion"] = .string("batch/\(version)")
            }
            return .object(members)
        case .null, .bool, .integer, .number, .decimal, .string: return value
        }
    }

    private func showZones(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(showZones))
        case .object(let members):
            guard let spec = members["spec"], spec["jobTemplate"] != nil else {
                return .object(members.mapValues(showZones))
            }
            guard case .object(var metadata) = members["metadata"] ?? .null,
                case .object(var annotations) = metadata["annotations"] ?? .null,
                let zone = annotations.removeValue(forKey: Self.zone)
            else { return value }
            metadata["annotations"] = annotations.isEmpty ? nil : .object(annotations)
            let shown = replacing("metadata", in: value, by: .object(metadata))
            guard release.keepsZones else { return shown }
            return shown.merging(.object(["spec": .object(["timeZone": zone])]))
        case .null, .bool, .integer, .number, .decimal, .string: return value
        }
    }

    private func replacing(_ member: String, in value: JSONValue, by new: JSONValue) -> JSONValue {
        guard case .object(var members) = value else { return value }
        members[member] = new
        return .object(members)
    }
}
