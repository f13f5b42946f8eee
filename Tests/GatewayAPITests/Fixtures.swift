import Calendars
import FoundationEssentials
import GatewayAPI
import JSONReading
import KubernetesModel
import ReportAPI
import ReportPlanning
import ReportRecords
import ZoneFiles

/// Objects with everything that they can have.
enum Fixtures {
    static let now = Timestamp(seconds: 1_793_430_000)

    static func zone(_ name: String) -> ZoneRules? { try? zones.rules(name) }

    private static let zones = ZoneFiles()

    static func decode<Value: Decodable>(_ type: Value.Type = Value.self, _ json: String) throws -> Value {
        try JSONReader().decode(type, from: json)
    }

    static let pipelineSpec = #"""
        {"title":"Trial balance","description":"Of one company","parameters":[
          {"name":"period","type":"month","required":true,"title":"Accounting period","description":"The month"},
          {"name":"company","type":"string","default":"310507","enum":["310507","306766"]},
          {"name":"accounts","type":"integer","multiple":true,"minimum":0,"maximum":99999},
          {"name":"note","type":"string","pattern":"^[a-z]*$","minLength":0,"maxLength":20}],
         "concurrency":{"key":"tb","limit":1},
         "report":{"title":"Trial balance {period}",
           "columns":[{"name":"account","title":"Account"},{"name":"closing","format":"#,##0.00","total":"sum"}],
           "groupBy":["account","missing"],"grandTotal":false,
           "charts":[{"type":"bar","title":"Closing {period}","x":"account","series":["closing"]},
                     {"type":"line","x":"missing","series":["closing"]}]},
         "deliver":[{"channel":"mail","to":["dana@example.com"],"cc":["ada@example.com"],"replyTo":"a@example.com",
           "formats":["pdf"],"when":"Always","unless":"Empty","only":{"account":"1000"},"attach":"never",
           "fileName":"tb-{period}","subject":"Trial balance","text":"Here it is"}],
         "stages":[{"name":"extract","image":"x:1"},{"name":"publish","image":"y:1"}]}
        """#

    static func pipeline(_ spec: String = pipelineSpec) throws -> ReportPipeline {
        try decode(
            ReportPipeline.self, #"{"metadata":{"name":"trial-balance","namespace":"finance"},"spec":\#(spec)}"#)
    }

    static func richRequest() throws -> ReportRequest {
        try decode(
            ReportRequest.self,
            #"""
            {"metadata":{"name":"tb-1","namespace":"finance","uid":"u-1","resourceVersion":"77",
              "creationTimestamp":"2026-10-31T05:00:00Z","deletionTimestamp":"2026-10-31T09:00:00Z",
              "labels":{"reports.ers.dev/schedule":"monthly","reports.ers.dev/schedule-uid":"s-1",
                "reports.ers.dev/tick-uid":"t-1",
                "reports.ers.dev/origin":"\#(ReportRequest.origin(
                    schedule: "s-1", tick: "t-1", namespace: "finance", name: "tb-1"))"}},
             "spec":{"pipelineRef":{"name":"trial-balance"},"parameters":{"period":"2026-09","accounts":[1,2]},
              "requester":{"name":"Dana Reyes","email":"dana@example.com"},"output":{"formats":["pdf","xlsx"]},
              "priority":5,"ttlSecondsAfterFinished":604800},
             "status":{"observedGeneration":1,"phase":"Failed","reason":"StageFailed","message":"publish failed",
              "stage":"2/2 publish","attempt":2,"queuedAt":"2026-10-31T05:00:01Z","startedAt":"2026-10-31T05:00:02Z",
              "completedAt":"2026-10-31T05:10:00Z","asOf":"2026-10-31T05:00:02Z",
              "stages":[{"name":"extract","phase":"Succeeded","attempt":1,"startedAt":"2026-10-31T05:00:02Z",
                "completedAt":"2026-10-31T05:01:00Z","exitCode":0,"reason":"Done","message":"ok"},
                {"name":"publish","phase":"Failed","attempt":2,"exitCode":3}],
              "previousAttempts":[{"attempt":1,"phase":"Failed","reason":"StageFailed",
                "startedAt":"2026-10-31T04:00:00Z","completedAt":"2026-10-31T04:10:00Z",
                "stages":[{"name":"publish","phase":"Failed","attempt":1}]}],
              "conditions":[{"type":"Recorded","status":"True","reason":"Stored","message":""},
                {"type":"Delivered","status":"Unknown","reason":"Sending","message":""}]}}
            """#)
    }

    /// One that waits or runs, accepted with a pipeline.
    static func request(
        _ name: String, phase: ReportRequestStatus.Phase, priority: Int = 0, created: Int64 = 0,
        startedAt: Timestamp? = nil, pipeline: String = "trial-balance", limit: Int = 1,
        scope: ConcurrencySpec.Scope? = nil
    ) -> ReportRequest {
        var status = ReportRequestStatus()
        status.phase = phase
        status.startedAt = startedAt
        status.queuedAt = now
        let spec = PipelineSpec(
            concurrency: ConcurrencySpec(key: "erp", limit: limit, scope: scope),
            stages: [StageSpec(name: "extract", image: "x:1")])
        status.accepted = AcceptedRun(name: pipeline, pipeline: spec, parameters: [:])
        return ReportRequest(
            metadata: ObjectMeta(
                name: name, namespace: "finance", uid: "uid-\(name)",
                creationTimestamp: Timestamp(seconds: 1_793_000_000 + created)),
            spec: ReportRequestSpec(pipelineRef: .init(name: pipeline), priority: priority), status: status)
    }

    static func richSchedule() throws -> ReportSchedule {
        try decode(
            ReportSchedule.self,
            #"""
            {"metadata":{"name":"monthly","namespace":"finance","uid":"s-1","resourceVersion":"9",
              "creationTimestamp":"2026-01-01T00:00:00Z"},
             "spec":{"schedule":"0 6 1 * *","timeZone":"Europe/Berlin","concurrencyPolicy":"Replace",
              "startingDeadlineSeconds":3600,"suspend":false,"history":{"succeeded":12},
              "request":{"metadata":{"labels":{"team":"gl"}},"spec":{"pipelineRef":{"name":"trial-balance"},
                "parameters":{"period":"{month-1}"},"requester":{"name":"Dana"},"output":{"formats":["pdf"]},
                "deliver":[{"channel":"mail","to":["dana@example.com"]}],"priority":1,
                "ttlSecondsAfterFinished":60}}},
             "status":{"active":[{"name":"monthly-1"}],"lastScheduleTime":"2026-10-01T04:00:00Z",
              "lastSuccessfulTime":"2026-10-01T05:00:00Z",
              "conditions":[{"type":"Ready","status":"True","reason":"Scheduled","message":"ticks"}]}}
            """#)
    }

    static func richDelivery() throws -> ReportDelivery {
        try decode(
            ReportDelivery.self,
            #"""
            {"metadata":{"name":"d-1","namespace":"finance","uid":"d","creationTimestamp":"2026-10-31T05:10:00Z",
              "labels":{"reports.ers.dev/request":"tb-1"}},
             "spec":{"reportID":"u-1","channel":"mail","to":["dana@example.com"],"cc":["ada@example.com"],"formats":["pdf"],
              "subject":"Trial balance","only":{"account":"1000"}},
             "status":{"phase":"PartlyDelivered","message":"one is missing","completedAt":"2026-10-31T05:12:00Z",
              "files":[{"format":"pdf"}],
              "recipients":[{"to":"dana@example.com","phase":"Sent","detail":"250 ok","at":"2026-10-31T05:11:00Z",
                "possiblyTwice":true},{"to":"ada@example.com","phase":"Failed"}]}}
            """#)
    }

    static func channel(_ name: String = "mail", labels: String = "{}", recipients: String = #"["@example.com"]"#)
        throws -> ReportChannel
    {
        try decode(
            ReportChannel.self,
            #"""
            {"metadata":{"name":"\#(name)","namespace":"reports"},
             "spec":{"type":"Mail","default":true,"allowedNamespaces":{"matchLabels":\#(labels)},
               "mail":{"server":"smtp://mail.example.com:587","from":"reports@example.com",
                 "allowedRecipients":\#(recipients)}},
             "status":{"conditions":[{"type":"Ready","status":"True","reason":"Tried","message":"it works"}]}}
            """#)
    }

    static let offload = Offload(
        archive: "/archive", at: Date(timeIntervalSince1970: 1_793_430_000), sha256: "", isLeaving: true)

    static let result = ReportResult(
        uid: "u-1", attempt: 2, publication: "p1", buckets: 1, rows: 2,
        columns: [.init(name: "account", type: "string"), .init(name: "closing", type: "decimal")],
        publishedAt: Date(timeIntervalSince1970: 1_793_430_000))
}
