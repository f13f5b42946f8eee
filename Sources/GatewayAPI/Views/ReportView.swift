package import KubernetesModel
package import ReportAPI
import ReportLayout
package import ReportRecords

/// One report, for ever: what was asked, what came of it and where it went.
package struct ReportView: Sendable, JSONWritable {
    package struct Log: Hashable, Sendable, JSONWritable {
        package var stage: String
        package var attempt: Int

        package init(stage: String, attempt: Int) {
            self.stage = stage
            self.attempt = attempt
        }

        package func write(to writer: inout JSONWriter) {
            writer.object {
                $0.member("stage", stage)
                $0.member("attempt", attempt)
            }
        }
    }

    package struct Result: Hashable, Sendable, JSONWritable {
        package var attempt: Int
        package var rows: Int
        package var columns: [ColumnView]
        /// Names of those that the layout shows, in its order; nil: all of them.
        package var shown: [String]?
        /// Names of those that the layout groups the rows by, the outermost first.
        package var groupBy: [String]
        package var grandTotal: Bool
        package var asOf: Timestamp
        package var publishedAt: Timestamp
        /// Nil while rows and files can be had.
        package var offloaded: OffloadView?

        package func write(to writer: inout JSONWriter) {
            writer.object {
                $0.member("attempt", attempt)
                $0.member("rows", rows)
                $0.member("columns", columns)
                $0.member("shown", shown)
                if !groupBy.isEmpty { $0.member("groupBy", groupBy) }
                if !grandTotal { $0.member("grandTotal", false) }
                $0.member("asOf", asOf)
                $0.member("publishedAt", publishedAt)
                $0.member("offloaded", offloaded)
            }
        }
    }

    package var request: RequestView
    package var title: String?
    package var result: Result?
    package var charts: [LayoutSpec.Chart]
    package var formats: [OutputFormat]
    package var logs: [Log]?
    package var deliveries: [DeliveryView]
    /// Why these may not be all; nil where they are.
    package var deliveryNotice: String?
    package var may: RightsView

    /// `pipeline`: as it was pinned. `asOf`: when the source of the result was read. `formats`: the files that can be had.
    /// `logs`: those that are kept; nil where that can't be said.
    package init(
        request: RequestView, pipeline: PipelineSpec?, result: ReportResult?, asOf: Timestamp?,
        formats: [OutputFormat], logs: [Log]?, deliveries: [DeliveryView],
        deliveryNotice: String? = nil, may: RightsView
    ) {
        self.request = request
        self.formats = formats
        self.logs = logs
        self.deliveries = deliveries
        self.deliveryNotice = deliveryNotice
        self.may = may
        let layout = pipeline?.report
        let values = request.parameters.map { pipeline?.values(ofTexts: $0) ?? JSONObject(texts: $0) }
        let identity = ReportIdentity(
            reportID: request.id, namespace: request.namespace, name: request.name, pipeline: request.pipeline,
            attempt: result?.attempt ?? request.attempt,
            publishedAt: result.map { Timestamp($0.publishedAt) } ?? request.createdAt,
            asOf: asOf ?? request.createdAt, requester: request.requester?.name ?? request.requester?.email,
            parameters: values ?? [:])
        title = layout?.title.map { $0.resolved(identity) } ?? pipeline?.title ?? request.title
        // What the layout names and wasn't published, or can't be drawn of these columns, is left out.
        let names = Set(result?.columns.map(\.name) ?? [])
        self.result = result.map { result in
            Result(
                attempt: result.attempt, rows: result.rows,
                columns: ColumnView.columns(of: result, layout: layout, identity: identity),
                shown: layout?.columns.map { $0.map(\.name).filter(names.contains) },
                groupBy: (layout?.groupBy ?? []).filter(names.contains), grandTotal: layout?.grandTotal ?? true,
                asOf: asOf ?? result.asOf.map(Timestamp.init) ?? Timestamp(result.publishedAt),
                publishedAt: Timestamp(result.publishedAt),
                offloaded: result.offloaded.map { OffloadView($0, of: request.id) })
        }
        charts = (layout?.charts ?? []).filter { chart in
            ["bar", "line"].contains(chart.type) && names.isSuperset(of: chart.series + [chart.x])
        }.map { chart in
            var chart = chart
            chart.title = chart.title.map { $0.resolved(identity) }
            return chart
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("request", request)
            $0.member("title", title)
            $0.member("result", result)
            if !charts.isEmpty { $0.member("charts", charts.map(ChartView.init)) }
            $0.member("formats", formats.map(\.rawValue))
            $0.member("stages", request.stages ?? [])
            $0.member("logs", logs)
            $0.member("deliveries", deliveries)
            $0.member("deliveryNotice", deliveryNotice)
            $0.member("may", may)
        }
    }
}

private struct ChartView: JSONWritable {
    let chart: LayoutSpec.Chart

    init(_ chart: LayoutSpec.Chart) { self.chart = chart }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("type", chart.type)
            $0.member("title", chart.title)
            $0.member("x", chart.x)
            $0.member("series", chart.series)
        }
    }
}
