package import ReportRecords

/// One transition of a run or of one of its stages.
package struct ReportEventView: Hashable, Sendable, JSONWritable {
    package var event: ReportEvent

    package init(_ event: ReportEvent) { self.event = event }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", event.id)
            $0.member("attempt", event.attempt)
            $0.member("stage", event.stage)
            $0.member("phase", event.phase)
            $0.member("reason", event.reason)
            $0.member("exitCode", event.exitCode)
            $0.member("message", event.message)
            $0.member("at", event.at)
            $0.member("asOf", event.asOf)
        }
    }
}
