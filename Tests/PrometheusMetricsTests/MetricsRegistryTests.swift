import Testing

@testable import PrometheusMetrics

@Suite("Metrics")
struct MetricsRegistryTests {
    @Test func thePageHasHelpTypeAndSamplesInOrder() {
        let registry = MetricsRegistry()
        registry.gauge("b_gauge", help: "A gauge.").set(1.5)
        registry.counter("a_total", help: "A counter.", labels: [("kind", "y")]).increment(by: 2)
        registry.counter("a_total", help: "A counter.", labels: [("kind", "x")]).increment()
        #expect(
            registry.render() == """
                # HELP a_total A counter.
                # TYPE a_total counter
                a_total{kind="x"} 1
                a_total{kind="y"} 2
                # HELP b_gauge A gauge.
                # TYPE b_gauge gauge
                b_gauge 1.5

                """)
    }

    @Test func aHistogramsBucketsAddUp() {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("t_seconds", help: "T.", labels: [("q", "a")], bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 5] { histogram.observe(value) }
        histogram.observe(.milliseconds(350))
        #expect(
            registry.render() == """
                # HELP t_seconds T.
                # TYPE t_seconds histogram
                t_seconds_bucket{q="a",le="0.1"} 2
                t_seconds_bucket{q="a",le="1"} 4
                t_seconds_bucket{q="a",le="+Inf"} 5
                t_seconds_sum{q="a"} 6
                t_seconds_count{q="a"} 5

                """)
    }

    @Test func labelsAndHelpAreEscaped() {
        let registry = MetricsRegistry()
        registry.counter("c_total", help: "a\\b\nc \"d\"", labels: [("path", "C:\\x\n\"y\"")]).increment()
        #expect(
            registry.render() == """
                # HELP c_total a\\\\b\\nc "d"
                # TYPE c_total counter
                c_total{path="C:\\\\x\\n\\"y\\""} 1

                """)
    }

    @Test func theSameNameAndLabelsAreTheSameSeries() {
        let registry = MetricsRegistry()
        let first = registry.counter("c_total", help: "C.", labels: [("a", "1")])
        #expect(first === registry.counter("c_total", help: "C.", labels: [("a", "1")]))
        #expect(first !== registry.counter("c_total", help: "C.", labels: [("a", "2")]))
    }

    @Test func aReadingWithoutAValueWritesNoSample() {
        let registry = MetricsRegistry()
        registry.gauge("age_seconds", help: "Age.") { nil }
        #expect(registry.render() == "# HELP age_seconds Age.\n# TYPE age_seconds gauge\n")
    }

    @Test func whatIsReadTogetherIsOneFamilyInOrder() {
        let registry = MetricsRegistry()
        registry.gauges("since_seconds", help: "S.") {
            [(labels: [("p", "b")], value: 2), (labels: [("p", "a")], value: 1)]
        }
        #expect(
            registry.render()
                == "# HELP since_seconds S.\n# TYPE since_seconds gauge\nsince_seconds{p=\"a\"} 1\nsince_seconds{p=\"b\"} 2\n"
        )
    }

    @Test func whatComesAfterTheLimitIsOther() {
        let labels = BoundedLabels<String>(limit: 2)
        #expect(["a", "b", "c", "a", "d"].map(labels.bounded) == ["a", "b", "other", "a", "other"])
    }

    @Test(arguments: [
        (1.0, "1"), (0.005, "0.005"), (1e-8, "1e-08"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (1e19, "1e+19"),
    ])
    func numbersAreWrittenAsPrometheusReadsThem(value: Double, text: String) {
        #expect(MetricsPage.text(of: value) == text)
    }

    @Test func gaugesAddUpAcrossTasks() async {
        let gauge = Gauge()
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1000 { gauge.add(1) } }
            }
        }
        #expect(gauge.value == 8000)
    }

    @Test func theProcessKnowsItself() throws {
        let registry = MetricsRegistry()
        ProcessMetrics.register(in: registry)
        let page = registry.render()
        for name in [
            "process_resident_memory_bytes", "process_cpu_seconds_total", "process_start_time_seconds",
            "process_open_fds",
        ] {
            let line = try #require(page.split(separator: "\n").first { $0.hasPrefix(name + " ") })
            let value = try #require(Double(line.dropFirst(name.count + 1)))
            #expect(value > 0)
        }
    }
}
