import KubernetesModel
import ReportAPI
import Testing

/// What the API server asks of a definition, checked without one.
@Suite struct ResourceDefinitionTests {
    static let definitions = [
        "reportpipelines", "reportrequests", "reportschedules", "reportchannels", "reportdeliveries",
        "reporttriggers",
    ]

    @Test(arguments: [
        ("reportpipelines", ReportPipeline.resourceKind, "rpl"), ("reportrequests", ReportRequest.resourceKind, "rr"),
        ("reportschedules", ReportSchedule.resourceKind, "rsched"),
        ("reportchannels", ReportChannel.resourceKind, "rch"), ("reportdeliveries", ReportDelivery.resourceKind, "rd"),
        ("reporttriggers", ReportTrigger.resourceKind, "rtrig"),
    ])
    func namesAreThoseThatTheOperatorAsksFor(file: String, kind: ResourceKind, shortName: String) throws {
        let definition = try ResourceDefinition(name: file)
        let spec = try #require(definition.content["spec"])
        #expect(definition.content["metadata"]?["name"] == .string(kind.qualifiedName))
        #expect(spec["group"] == .string(kind.group))
        #expect(spec["scope"] == .string("Namespaced"))
        #expect(spec["names"]?["kind"] == .string(kind.kind))
        #expect(spec["names"]?["plural"] == .string(kind.plural))
        #expect(spec["names"]?["shortNames"] == .strings([shortName]))
        #expect(spec["names"]?["categories"] == .strings(["reports"]))
        #expect(spec["versions"]?.array?.count == 1)
        #expect(definition.version["name"] == .string(kind.version))
    }

    @Test(arguments: definitions) func statusIsASubresource(file: String) throws {
        #expect(try ResourceDefinition(name: file).version["subresources"]?["status"] == .object([:]))
    }

    @Test func pipelinesShowWhetherTheyCanRun() throws {
        let columns = try #require(try ResourceDefinition.pipelines().version["additionalPrinterColumns"]?.array)
        let plain = columns.filter { $0["priority"] == nil }.compactMap { $0["name"]?.string }
        #expect(plain == ["Title", "Key", "Ready", "Reason", "Age"])
    }

    @Test func triggersShowWhatTheyWatchAndWhatCameOfIt() throws {
        let columns = try #require(try ResourceDefinition.triggers().version["additionalPrinterColumns"]?.array)
        let plain = columns.filter { $0["priority"] == nil }.compactMap { $0["name"]?.string }
        #expect(plain == ["Pipeline", "Ready", "Firing", "Last Report", "Age"])
    }

    @Test(arguments: definitions)
    func everyColumnShowsAFieldThatTheServerHas(file: String) throws {
        let definition = try ResourceDefinition(name: file)
        let columns = try #require(definition.version["additionalPrinterColumns"]?.array)
        #expect(!columns.isEmpty)
        for column in columns {
            let path = try #require(column["jsonPath"]?.string?.dropFirst())
            if path.hasPrefix("metadata.") {
                #expect(["metadata.creationTimestamp", "metadata.uid"].contains(path))
                continue
            }
            if path.hasPrefix("status.conditions[?(") {
                let shown = [
                    #"@.type=="Ready")].status"#, #"@.type=="Ready")].reason"#, #"@.type=="Delivered")].reason"#,
                ]
                #expect(shown.contains(String(path.dropFirst(20))))
                continue
            }
            let schema = try #require(definition.schema[String(path)], "\(path)")
            // kubectl shows how long ago a date is, and of one to come that it is invalid.
            if path == "status.nextScheduleTime" {
                #expect(column["type"]?.string == "string")
                continue
            }
            #expect(column["type"]?.string == (schema.format == "date-time" ? "date" : schema.type), "\(path)")
        }
    }

    /// What an API server rounds, nobody finds out afterwards.
    @Test(arguments: [
        ("reportpipelines", ["spec.parameters[].default"]),
        ("reportrequests", ["spec.parameters", "spec.pipeline.parameters[].default"]),
        (
            "reportschedules",
            ["spec.request.spec.parameters", "spec.request.spec.pipeline.parameters[].default"]
        ),
        ("reporttriggers", ["spec.request.parameters"]),
    ])
    func whereNumbersAreGivenItSaysWhichToQuote(file: String, paths: [String]) throws {
        let warned = try ResourceDefinition(name: file).schema.all.filter {
            $0.json["description"]?.string?.contains("of more than 15 digits") == true
        }
        #expect(warned.map(\.path).sorted() == paths)
    }

    @Test(arguments: definitions)
    func everyStringListAndMapIsBounded(file: String) throws {
        for node in try ResourceDefinition(name: file).schema.all where !["apiVersion", "kind"].contains(node.path) {
            switch node.type {
            case "string" where node.format == nil && node.enumeration == nil:
                #expect(node.integer("maxLength") != nil, "\(node.path)")
            case "array":
                #expect(node.integer("maxItems") != nil, "\(node.path)")
            case "object" where node.additionalProperties != nil:
                #expect(node.integer("maxProperties") != nil, "\(node.path)")
            default: break
            }
        }
    }

    @Test(arguments: definitions)
    func everyIntegerHasAFormatAndWhatPeopleWriteHasBounds(file: String) throws {
        for node in try ResourceDefinition(name: file).schema.all where node.type == "integer" {
            #expect(["int32", "int64"].contains(node.format), "\(node.path)")
            guard node.path.hasPrefix("spec") else { continue }
            let (low, high) = (try #require(node.integer("minimum")), try #require(node.integer("maximum")))
            #expect(Int64(Int32.min) <= low && low < high && high <= Int64(Int32.max), "\(node.path)")
        }
    }

    @Test(arguments: definitions)
    func everyNodeHasATypeOrLeavesItOpenOnPurpose(file: String) throws {
        for node in try ResourceDefinition(name: file).schema.all {
            #expect(node.type != nil || node.keepsUnknownFields || node.isIntegerOrString, "\(node.path)")
            #expect(node.type != "array" || node.items != nil, "\(node.path)")
            #expect(node.required.isSubset(of: node.properties.keys), "\(node.path)")
            for keyword in ["oneOf", "anyOf", "allOf"] where !node.isIntegerOrString {
                for branch in node.json[keyword]?.array ?? [] {
                    #expect(branch["type"] == nil && branch["properties"] == nil, "\(node.path)")
                }
            }
        }
    }

    @Test(arguments: definitions)
    func everyListSaysHowItMergesAndMapsHaveTheirKeys(file: String) throws {
        for node in try ResourceDefinition(name: file).schema.all where node.type == "array" {
            let items = try #require(node.items)
            switch node.listType {
            case "atomic": break
            case "set": #expect(items.type == "string", "\(node.path)")
            case "map":
                let keys = Set(node.json["x-kubernetes-list-map-keys"]?.array?.compactMap(\.string) ?? [])
                #expect(!keys.isEmpty && keys.isSubset(of: items.required), "\(node.path)")
            default: Issue.record("\(node.path) says nothing")
            }
        }
    }

    @Test(arguments: definitions)
    func everyRuleHasAMessageOfOneLine(file: String) throws {
        let rules = try ResourceDefinition(name: file).schema.all.flatMap(\.rules)
        #expect(!rules.isEmpty)
        for rule in rules {
            let message = try #require(rule["message"]?.string)
            #expect(rule["rule"]?.string?.isEmpty == false)
            #expect(!message.contains("\n") && message.count < 100)
        }
    }

    @Test func whatWasAskedForCannotBeChanged() throws {
        let spec = try #require(try ResourceDefinition.requests().schema["spec"])
        let rules = spec.rules.compactMap { $0["rule"]?.string }
        for field in Set(spec.properties.keys).subtracting(["priority", "cancel", "ttlSecondsAfterFinished"]) {
            #expect(rules.contains { $0.contains("oldSelf.\(field)") }, "\(field)")
        }
    }

    /// Kept to one shape so that no server has to be asked whether it may be absent before and after.
    @Test func transitionRulesAskWhetherTheFieldIsThere() throws {
        let spec = try #require(try ResourceDefinition.requests().schema["spec"])
        for rule in spec.rules.compactMap({ $0["rule"]?.string }) where rule.contains("oldSelf") {
            #expect(rule.contains("has(self.") && rule.contains("has(oldSelf."), "\(rule)")
        }
    }
}
