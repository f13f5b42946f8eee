import ReportAPI
import Testing

struct NamespaceSelectorTests {
    private let labels = ["team": "KPI", "unit": "a"]

    @Test func labelsAreComparedByTheirBytes() {
        // The sign for kelvin, which Swift takes for a K.
        let alike = "\u{212A}PI"
        #expect(alike == "KPI")
        for (value, isSelected) in [("KPI", true), (alike, false)] {
            #expect(NamespaceSelector(matchLabels: ["team": value]).matches(labels) == isSelected)
            let listed = NamespaceSelector(matchExpressions: [.init(key: "team", operator: .in, values: [value])])
            #expect(listed.matches(labels) == isSelected)
            let others = NamespaceSelector(matchExpressions: [.init(key: "team", operator: .notIn, values: [value])])
            #expect(others.matches(labels) != isSelected)
            #expect(NamespaceSelector(matchLabels: [value: "x"]).matches(["KPI": "x"]) == isSelected)
            let there = NamespaceSelector(matchExpressions: [.init(key: value, operator: .exists)])
            #expect(there.matches(["KPI": "x"]) == isSelected)
        }
    }
}
