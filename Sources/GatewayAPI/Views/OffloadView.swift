package import KubernetesModel
package import ReportRecords

/// Where a report's rows and files are that are no longer in the record.
package struct OffloadView: Hashable, Sendable, JSONWritable {
    package var archive: String
    package var at: Timestamp
    /// What brings them back.
    package var command: String
    /// All of it, for people.
    package var sentence: String

    package init(_ offload: Offload, of id: String) {
        archive = offload.archive
        at = Timestamp(offload.at)
        command = Offload.command(id)
        sentence = offload.sentence(id)
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("archive", archive)
            $0.member("at", at)
            $0.member("command", command)
        }
    }
}
