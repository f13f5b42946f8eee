import DeliveryChannels
import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportLayout
import ReportRecords

/// A report as a delivery takes it along, read once for all of its recipients.
struct PreparedReport: Sendable {
    struct File: Hashable, Sendable {
        var format: OutputFormat
        /// What the shelf knows it by.
        var key: String
        /// On this disk.
        var path: String
        var size: Int
        var sha256: String
    }

    var identity: ReportIdentity
    var origin = RecordOrigin.unknown
    var run: Dispatch.Run
    var title: String
    var asOfLine: String?
    var preview: String?
    var previewHTML: String?
    var files: [File] = []

    /// One copy of it, for a delivery.
    func dispatch(_ copy: DeliveryCopy, of delivery: ReportDelivery, _ spec: ReportDeliverySpec) -> Dispatch {
        func text(_ template: String?) -> String? {
            template.flatMap { try? PlaceholderText($0) }?.text(of: identity)
        }
        var dispatch = Dispatch(
            id: copy.id, report: identity, run: run, title: title,
            createdAt: delivery.metadata.creationTimestamp?.date ?? copy.at)
        dispatch.origin = origin
        dispatch.subject = text(spec.subject)
        dispatch.text = text(spec.text)
        // What tells of a failure holds nothing of the report.
        if OperatorDelivery(delivery)?.isNotice != true {
            dispatch.asOfLine = asOfLine
            dispatch.preview = preview
            dispatch.previewHTML = previewHTML
        }
        dispatch.files = files.map { file in
            .init(
                format: file.format, name: Self.name(file.format, spec, identity), path: file.path, size: file.size,
                sha256: file.sha256)
        }
        return dispatch
    }

    static func name(_ format: OutputFormat, _ spec: ReportDeliverySpec, _ identity: ReportIdentity) -> String {
        ChannelPath.fileName(spec.fileName, of: identity, only: spec.only ?? [:], format: format)
    }
}
