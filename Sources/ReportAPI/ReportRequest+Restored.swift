import KubernetesModel

/// A request that comes back from a backup, or is made from an exported one, is another object with another uid. The
/// report that it asked for was run already, or is, under the old uid.
extension ReportRequest {
    /// The id of the report that this request is a copy of; nil for one that is nobody's copy.
    ///
    /// Its annotation says whose it was, or its status does where that came along and the annotation didn't. A status
    /// that is about this very request can only be the operator's: then somebody has changed the annotation.
    public var copiedReportID: String? {
        let uid = metadata.uid
        guard acceptedUID != uid, status?.reportID != uid else { return nil }
        return [acceptedUID, status?.reportID].compactMap(\.self).first(where: Self.isUID)
    }

    /// Whether it can be an object's uid. What can't names no report.
    private static func isUID(_ text: String) -> Bool {
        !text.isEmpty && NameForm.isLabelValue(text)
    }

    /// Whether it is a copy that has not been run: there is nothing to record and to tell of it.
    public var isRestored: Bool { copiedReportID != nil || status?.isRestored ?? false }

    /// The id under which the record tells of it.
    public var reportID: String { copiedReportID ?? status?.reportID ?? metadata.uid }
}

extension ReportRequestStatus {
    /// Whether it is that of a copy which was restored, and has not run since.
    public var isRestored: Bool { isTerminal && reason == Reason.restored }
}
