import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportCTL

struct MongoPasswordsTests {
    /// Whose passwords may have been forgotten, each Secret once.
    @Test func othersThanTheOperatorHavePasswordsToo() {
        func pipeline(_ name: String, _ env: [JSONValue]?) -> ReportPipeline {
            ReportPipeline(
                metadata: ObjectMeta(name: name, namespace: "finance"),
                spec: PipelineSpec(stages: [StageSpec(name: "a", image: "b", env: env)]))
        }
        let reference: JSONValue = [
            "name": "MONGODB_URI", "valueFrom": ["secretKeyRef": ["name": "mongodb", "key": "uri"]],
        ]
        let places = MongoPasswords.places(
            operatorNamespace: "operator", courierNamespace: "courier",
            pipelines: [
                pipeline("second", [reference]),
                pipeline("first", [["name": "MONGODB_URI", "value": "x"], reference]),
                pipeline("other", [["name": "DSN", "valueFrom": ["secretKeyRef": ["name": "erp", "key": "dsn"]]]]),
                pipeline("none", nil),
            ])
        #expect(places.map(\.secret) == ["report-courier-mongodb", "report-gateway-mongodb", "mongodb"])
        #expect(places.map(\.namespace) == ["courier", "operator", "finance"])
        #expect(
            places.map { MongoPasswords.finding($0).text }.last
                == "refuses the user or the password that the Secret mongodb in namespace finance has for stages of "
                + "pipeline first")
    }
}
