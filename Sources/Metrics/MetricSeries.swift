/// One line or one histogram of the page: a metric with one set of label values.
protocol MetricSeries: Sendable {
    func write(to page: inout MetricsPage)
}
