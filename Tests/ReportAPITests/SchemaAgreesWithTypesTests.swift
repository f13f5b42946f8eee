import DeliveryPlanning
import KubernetesModel
import ReportAPI
import ReportLayout
import Testing

/// crds/ and the Swift types say the same, seen from both sides.
@Suite struct SchemaAgreesWithTypesTests {
    @Test func pipelineTypeReadsWhatItsSchemaAllowsAndNothingElse() throws {
        let differences = Comparison.of(
            try ResourceDefinition.pipelines().schema, with: try Shape(of: ReportPipeline.self))
        #expect(differences.isEmpty)
    }

    @Test func requestTypeReadsWhatItsSchemaAllowsAndNothingElse() throws {
        let differences = Comparison.of(
            try ResourceDefinition.requests().schema, with: try Shape(of: ReportRequest.self))
        #expect(differences.isEmpty)
    }

    @Test func scheduleTypeReadsWhatItsSchemaAllowsAndNothingElse() throws {
        let differences = Comparison.of(
            try ResourceDefinition.schedules().schema, with: try Shape(of: ReportSchedule.self))
        #expect(differences.isEmpty)
    }

    @Test func triggerTypeReadsWhatItsSchemaAllowsAndNothingElse() throws {
        let schema = try ResourceDefinition.triggers().schema
        #expect(Comparison.of(schema, with: try Shape(of: ReportTrigger.self)).isEmpty)
        #expect(schema["status.alerts"]?.integer("maxItems") == Int64(ReportTriggerStatus.maximumAlerts))
        #expect(schema["spec.escalation"]?.integer("maxItems") == Int64(ReportTriggerSpec.maximumSteps))
    }

    @Test func channelTypeReadsWhatItsSchemaAllowsAndNothingElse() throws {
        let differences = Comparison.of(
            try ResourceDefinition.channels().schema, with: try Shape(of: ReportChannel.self))
        #expect(differences.isEmpty)
    }

    @Test func deliveryTypeReadsWhatItsSchemaAllowsAndNothingElse() throws {
        let differences = Comparison.of(
            try ResourceDefinition.deliveries().schema, with: try Shape(of: ReportDelivery.self))
        #expect(differences.isEmpty)
    }

    /// Word for word, but for the rules on what may change in a request and what a template has no place for.
    @Test func schedulesTemplateHasTheSchemaOfReportRequest() throws {
        let request = try #require(try ResourceDefinition.requests().schema["spec"])
        let template = try #require(try ResourceDefinition.schedules().schema["spec.request.spec"])
        for (name, property) in request.properties { #expect(template.properties[name]?.json == property.json) }
        #expect(template.properties.count == request.properties.count)
        #expect(template.required == request.required)
        let lasting = request.rules.filter { $0["rule"]?.string?.contains("oldSelf") == false }
        #expect(!lasting.isEmpty && lasting.allSatisfy(template.rules.contains))
        #expect(template.rules.allSatisfy { $0["rule"]?.string?.contains("oldSelf") == false })
    }

    /// Word for word, but for pipelines of their own, and what belongs to a run.
    @Test func triggersTemplateHasFieldsOfReportRequest() throws {
        let request = try #require(try ResourceDefinition.requests().schema["spec"])
        let triggers = try ResourceDefinition.triggers().schema
        let template = try #require(triggers["spec.request"])
        #expect(
            Set(template.properties.keys)
                == Set(request.properties.keys).subtracting(["pipeline", "cancel", "attempt"]))
        for (name, property) in template.properties {
            #expect(property.json == request.properties[name]?.json, "\(name)")
        }
        let step = try #require(triggers["spec.escalation"]?.items)
        #expect(step["deliver"]?.json == request["deliver"]?.json)
    }

    /// An entry of `deliver` is a delivery without its report: what one of them takes, the other takes.
    @Test(arguments: ["spec", "spec.pipeline"])
    func entryOfDeliverHasTheSchemaOfReportDelivery(place: String) throws {
        let delivery = try #require(try ResourceDefinition.deliveries().schema["spec"])
        let list = try #require(try ResourceDefinition.requests().schema["\(place).deliver"])
        #expect(list.integer("maxItems") == Int64(DeliveryCheck.maximumEntries))
        let entry = try #require(list.items)
        let ofDeliveriesAlone: Set = ["reportID", "attempt", "ttlSecondsAfterFinished"]
        #expect(Set(entry.properties.keys) == Set(delivery.properties.keys).subtracting(ofDeliveriesAlone))
        for (name, property) in entry.properties { #expect(property.json == delivery.properties[name]?.json) }
        #expect(entry.required == ["channel"])
        let lasting = delivery.rules.filter { $0["rule"]?.string?.contains("oldSelf") == false }
        #expect(!lasting.isEmpty && entry.rules == lasting)
    }

    @Test func deliverOfARequestNeverChanges() throws {
        let rules = try #require(try ResourceDefinition.requests().schema["spec"]).rules
        #expect(rules.contains { $0["rule"]?.string?.contains("self.deliver == oldSelf.deliver") == true })
    }

    @Test func inlinePipelineHasTheSchemaOfReportPipeline() throws {
        let pipeline = try #require(try ResourceDefinition.pipelines().schema["spec"])
        let inline = try #require(try ResourceDefinition.requests().schema["spec.pipeline"])
        #expect(pipeline.json == inline.json)
    }

    @Test func boundsOfALayoutAreThoseOfItsCheck() throws {
        let layout = try #require(try ResourceDefinition.pipelines().schema["spec.report"])
        #expect(layout["columns"]?.integer("maxItems") == Int64(LayoutCheck.maximumColumns))
        #expect(layout["groupBy"]?.integer("maxItems") == Int64(LayoutCheck.maximumGroups))
        let charts = try #require(layout.all.first { $0.path == "spec.report.charts" })
        #expect(charts.integer("maxItems") == Int64(LayoutCheck.maximumCharts))
        #expect(charts.items?["series"]?.integer("maxItems") == Int64(LayoutCheck.maximumSeries))
        let width = try #require(layout.all.first { $0.path == "spec.report.columns[].width" })
        #expect(width.integer("minimum") == Int64(LayoutCheck.widths.lowerBound))
        #expect(width.integer("maximum") == Int64(LayoutCheck.widths.upperBound))
    }

    @Test(
        "The words of a field that Swift holds as text",
        arguments: [
            ("spec.workspace.accessModes[]", ["ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"]),
            ("spec.report.locale", ReportLocale.all.map(\.name)),
            ("spec.report.page.size", TableLayout.PageSize.allCases.map(\.rawValue)),
            ("spec.report.page.orientation", TableLayout.Orientation.allCases.map(\.rawValue)),
            ("spec.report.columns[].total", TableColumn.Total.allCases.map(\.rawValue)),
            ("spec.report.charts[].type", TableLayout.Chart.Kind.allCases.map(\.rawValue)),
            ("spec.output.formats[]", OutputFormat.allCases.map(\.rawValue)),
            ("status.conditions[].status", ["True", "False", "Unknown"]),
            ("spec.formats[]", OutputFormat.allCases.map(\.rawValue)),
            ("status.pinned.formats[]", OutputFormat.allCases.map(\.rawValue)),
            ("status.files[].format", OutputFormat.allCases.map(\.rawValue)),
        ])
    func wordsOfTextFields(path: String, words: [String]) throws {
        let schemas = [
            try ResourceDefinition.pipelines().schema, try ResourceDefinition.requests().schema,
            try ResourceDefinition.schedules().schema, try ResourceDefinition.deliveries().schema,
        ]
        let schema = try #require(schemas.flatMap(\.all).first { $0.path == path })
        #expect(schema.enumeration == words)
    }

    /// The comparison finds what it is there to find: each case is a change to a schema that fits.
    @Test(arguments: [
        (#"{"properties": {}}"#, "name: not in the schema"),
        (#"{"properties": {"name": {"type": "string"}, "title": {"type": "string"}}}"#, "title: not in the type"),
        (#"{"properties": {"name": {"type": "integer"}}}"#, "name: integer in the schema, string in the type"),
        (#"{"required": [], "properties": {"name": {"type": "string"}}}"#, "name: required in the type alone"),
    ])
    func aDifferenceIsFound(change: String, difference: String) throws {
        let fitting: JSONValue = .object(["type": .string("object"), "required": .strings(["name"])])
        let schema = Schema(path: "", json: fitting.merging(try Fixture.json(change)))
        let shape = try Shape(of: ReportRequestSpec.PipelineReference.self)
        #expect(Comparison.of(schema, with: shape) == [difference])
    }
}

private enum Comparison {
    /// Text in Swift, so that a word of tomorrow is read; the schema says which words there are today.
    static let wordsHeldAsText =
        wordsOfLayouts + wordsOfDeliver + [
            "spec.workspace.accessModes[]", "spec.pipeline.workspace.accessModes[]", "spec.output.formats[]",
            "spec.request.spec.pipeline.workspace.accessModes[]", "spec.request.spec.output.formats[]",
            "status.conditions[].status", "spec.formats[]", "status.pinned.formats[]", "status.files[].format",
            "spec.request.output.formats[]", "spec.escalation[].deliver[].formats[]",
        ]

    private static let wordsOfLayouts = ["spec", "spec.pipeline", "spec.request.spec.pipeline"].flatMap { pipeline in
        ["locale", "page.size", "page.orientation", "columns[].total", "charts[].type"]
            .map { "\(pipeline).report.\($0)" }
    }

    private static let wordsOfDeliver = [
        "spec", "spec.pipeline", "spec.request", "spec.request.spec", "spec.request.spec.pipeline",
    ]
    .map { "\($0).deliver[].formats[]" }

    static func of(_ schema: Schema, with shape: Shape) -> [String] {
        switch shape {
        case .any:
            let isOpen = schema.keepsUnknownFields || schema.path == "metadata"
            return isOpen ? [] : ["\(schema.path): closed in the schema, anything in the type"]
        case .object(let properties):
            return type("object", schema) + of(schema, withProperties: properties)
        case .map(let value):
            if schema.keepsUnknownFields && value == .any { return type("object", schema) }
            guard let values = schema.additionalProperties else { return ["\(schema.path): a map in the type alone"] }
            return type("object", schema) + of(values, with: value)
        case .array(let element):
            guard let items = schema.items else { return ["\(schema.path): a list in the type alone"] }
            return type("array", schema) + of(items, with: element)
        case .enumeration(let words):
            return type("string", schema)
                + (schema.enumeration == words ? [] : ["\(schema.path): other words than \(words)"])
        case .string:
            let hasWords = schema.enumeration != nil && !wordsHeldAsText.contains(schema.path)
            return type("string", schema) + (hasWords ? ["\(schema.path): any text in the type"] : [])
        case .timestamp:
            return type("string", schema) + (schema.format == "date-time" ? [] : ["\(schema.path): not a date-time"])
        case .duration:
            let isDuration = schema.pattern == #"^([0-9]{1,3}h)?([0-9]{1,5}m)?([0-9]{1,7}s)?$"#
            return type("string", schema) + (isDuration ? [] : ["\(schema.path): not a duration's pattern"])
        case .boolean: return type("boolean", schema)
        case .integer: return type("integer", schema)
        case .number: return type("number", schema)
        }
    }

    private static func of(_ schema: Schema, withProperties properties: [String: Shape.Property]) -> [String] {
        // Kubernetes describes metadata itself.
        if schema.path == "metadata" { return [] }
        // What was accepted is ours alone: kept whole, whatever later versions add to it.
        if schema.path == "status.accepted" { return schema.keepsUnknownFields ? [] : ["status.accepted: is pruned"] }
        let ignored: Set<String> = schema.path.isEmpty && properties["metadata"] != nil ? ["apiVersion", "kind"] : []
        let known = schema.properties.filter { !ignored.contains($0.key) }
        var differences: [String] = []
        for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
            guard let child = known[name] else {
                differences.append("\(path(schema, name)): not in the schema")
                continue
            }
            differences += of(child, with: property.shape)
            // Every object has metadata, and no schema says so.
            if path(schema, name) != "metadata" && property.isRequired != schema.required.contains(name) {
                differences.append(
                    "\(path(schema, name)): required in the \(property.isRequired ? "type" : "schema") alone")
            }
        }
        for name in known.keys.sorted() where properties[name] == nil {
            differences.append("\(path(schema, name)): not in the type")
        }
        return differences
    }

    private static func path(_ schema: Schema, _ name: String) -> String {
        schema.path.isEmpty ? name : "\(schema.path).\(name)"
    }

    private static func type(_ expected: String, _ schema: Schema) -> [String] {
        schema.type == expected
            ? [] : ["\(schema.path): \(schema.type ?? "nothing") in the schema, \(expected) in the type"]
    }
}
