package import KubernetesModel

/// One run of one report.
package struct ReportRequest: KubernetesResource {
    package static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportRequest", plural: "reportrequests")

    package var metadata: ObjectMeta
    /// What was asked for, or what is wrong with how that is written.
    package var spec: Decoded<ReportRequestSpec>
    package var status: ReportRequestStatus?

    package init(metadata: ObjectMeta, spec: ReportRequestSpec, status: ReportRequestStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        status = try container.decodeIfPresent(ReportRequestStatus.self, forKey: .status)
    }

    /// A finished run's pinned pipeline is read again only for a new attempt, whose event brings it along; and before,
    /// for as long as its end isn't recorded or its lock isn't given back.
    package var trimmedForCache: ReportRequest {
        guard let status, status.isTerminal, spec.value?.attempt ?? 1 <= status.attempt ?? 1 else { return self }
        if metadata.finalizers.contains(ReportsAPI.Finalizer.sharedLock) { return self }
        if metadata.finalizers.contains(ReportsAPI.Finalizer.record), !status.isRecorded { return self }
        var trimmed = self
        trimmed.status?.accepted = nil
        return trimmed
    }
}
