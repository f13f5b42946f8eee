import DeliveryPlanning
import KubernetesModel
import ReportAPI
import Testing

@Suite struct ChannelCheckTests {
    @Test(arguments: ReportChannelSpec.Kind.allCases)
    func soundChannelOfEachTypeHasNoFaults(kind: ReportChannelSpec.Kind) {
        #expect(ChannelCheck.faults(in: .sound(kind), at: "spec") == [])
    }

    @Test func channelElsewhereIsNotUsed() {
        let channel = ReportChannel(metadata: ObjectMeta(name: "mail", namespace: "finance"), spec: .sound(.mail))
        let obstacle = ChannelCheck.obstacle(to: channel, courierNamespace: "report-operator")
        #expect(obstacle?.reason == "WrongNamespace")
        #expect(obstacle?.message.contains("report-operator") == true)
        #expect(ChannelCheck.obstacle(to: channel, courierNamespace: "finance") == nil)
    }

    @Test func everyFaultOfAChannelIsInItsObstacle() {
        var spec = ReportChannelSpec.sound(.mail)
        spec.mail?.from = "nobody"
        spec.mail?.allowedRecipients = ["*"]
        let channel = ReportChannel(metadata: ObjectMeta(name: "mail", namespace: "ops"), spec: spec)
        let obstacle = ChannelCheck.obstacle(to: channel, courierNamespace: "ops")
        #expect(obstacle?.reason == "InvalidSpec")
        #expect(obstacle?.message.contains(#"spec.mail.from: "nobody""#) == true)
        #expect(obstacle?.message.contains(#"spec.mail.allowedRecipients[0]: "*""#) == true)
    }

    @Test func exactlyTheMemberOfTheTypeIsThere() {
        var spec = ReportChannelSpec.sound(.mail)
        spec.folder = .init(volume: "/reports", path: "{namespace}/{report}")
        #expect(ChannelCheck.faults(in: spec, at: "spec") == ["spec.folder: is not for type Mail; take it out"])
        spec.mail = nil
        #expect(ChannelCheck.faults(in: spec, at: "spec").contains("spec.mail: is required for type Mail"))
    }

    @Test(arguments: ReportChannelSpec.Kind.allCases)
    func onlyChannelsThatNeedNoMoreThanARunAreDefaults(kind: ReportChannelSpec.Kind) {
        var spec = ReportChannelSpec.sound(kind)
        spec.default = true
        let isRefused = ChannelCheck.faults(in: spec, at: "spec").contains { $0.hasPrefix("spec.default: ") }
        #expect(isRefused == [.sharePoint, .teams].contains(kind))
    }

    @Test(
        "A path keeps namespaces and reports apart",
        arguments: [
            ("{namespace}/{report}", false, [:], nil), ("{namespace}/{report}-{period}", false, [:], nil),
            ("{report}", false, [:], "must hold {namespace}"),
            ("{report}", false, ["kubernetes.io/metadata.name": "finance"], nil),
            ("{report}", false, ["team": "finance"], "must hold {namespace}"),
            ("{namespace}/latest", false, [:], "must hold {report}"), ("{namespace}/latest", true, [:], nil),
            ("/{namespace}/{report}", false, [:], "must be segments"),
            ("{namespace}/../{report}", false, [:], "must be segments"),
            ("{namespace}//{report}", false, [:], "must be segments"),
            (#"{namespace}\{report}"#, false, [:], "has one of"),
            ("{{namespace}/{report}", false, [:], "must hold {namespace}"),
            ("{namespace}/{report", false, [:], "is not closed"),
            ("{namespace}/{report}/{a b}", false, [:], "is unknown"), ("", false, [:], "is empty"),
        ] as [(String, Bool, [String: String], String?)])
    func paths(path: String, overwrite: Bool, labels: [String: String], fault: String?) {
        var folder = ReportChannelSpec.sound(.folder)
        folder.allowedNamespaces = NamespaceSelector(matchLabels: labels)
        folder.folder = .init(volume: "/reports", path: path, overwrite: overwrite)
        let faults = ChannelCheck.faults(in: folder, at: "spec")
        guard let fault else { return #expect(faults == []) }
        #expect(faults.contains { $0.hasPrefix("spec.folder.path: ") && $0.contains(fault) }, "\(faults)")
    }

    @Test func webhookIsHTTPSAlone() {
        for url in ["http://hooks.example.com", "https://user:word@hooks.example.com", "file:///etc/passwd"] {
            var spec = ReportChannelSpec.sound(.webhook)
            spec.webhook?.url = url
            let faults = ChannelCheck.faults(in: spec, at: "spec")
            #expect(faults.count == 1 && faults[0].hasPrefix("spec.webhook.url: \"\(url)\""))
        }
    }

    @Test func mailServerIsOfSMTPAlone() {
        for server in ["https://smtp.example.com", "smtp.example.com:25", "smtp://smtp.example.com/x"] {
            var spec = ReportChannelSpec.sound(.mail)
            spec.mail?.server = server
            #expect(ChannelCheck.faults(in: spec, at: "spec").first?.hasPrefix("spec.mail.server: ") == true)
        }
    }

    @Test func mailsLimitsAreBounded() {
        var spec = ReportChannelSpec.sound(.mail)
        spec.mail?.limits = .init(perNamespacePerHour: 0)
        spec.mail?.maxMessageSize = "2Gi"
        spec.mail?.allowedRecipients = []
        #expect(
            ChannelCheck.faults(in: spec, at: "spec") == [
                "spec.mail.allowedRecipients: at least one is required, such as @example.com",
                "spec.mail.limits.perNamespacePerHour: 0 is out of bounds; allowed are 1 to 1000000",
                #"spec.mail.maxMessageSize: "2Gi" is not a size from 64Ki to 1Gi, such as 20Mi"#,
            ])
    }

    @Test func brokerWithCredentialsNeedsTLSAndTopicsHaveNoWildcards() {
        var spec = ReportChannelSpec.sound(.mqtt)
        spec.mqtt?.server = "mqtt://broker.example.com"
        #expect(ChannelCheck.faults(in: spec, at: "spec").first?.contains("write mqtts://") == true)
        spec.mqtt?.credentials = nil
        #expect(ChannelCheck.faults(in: spec, at: "spec") == [])
        spec.mqtt?.topic = "plant/#"
        spec.mqtt?.intake = .init(topic: "a/+", replyTopic: "$SYS/a")
        let faults = ChannelCheck.faults(in: spec, at: "spec")
        for field in ["topic", "intake.topic", "intake.replyTopic"] {
            #expect(faults.contains { $0.hasPrefix("spec.mqtt.\(field): ") }, "\(field)")
        }
    }

    @Test func messageInTeamsNamesWhereItGoes() {
        var spec = ReportChannelSpec.sound(.teams)
        spec.teams?.chatID = "19:abc@thread.v2"
        let fault = "spec.teams.chatID: is not for post Workflow; take it out"
        #expect(ChannelCheck.faults(in: spec, at: "spec") == [fault])
        spec.teams?.post = .channelMessage
        let faults = ChannelCheck.faults(in: spec, at: "spec")
        for field in ["teamID", "channelID", "tenant", "clientID", "sharePointChannel"] {
            #expect(faults.contains("spec.teams.\(field): is required for post ChannelMessage"), "\(field)")
        }
    }

    @Test func namespacesAreSelectedAsKubernetesDoes() {
        let labels = ["team": "finance", "tier": "core"]
        func matches(_ requirements: NamespaceSelector.Requirement...) -> Bool {
            NamespaceSelector(matchExpressions: requirements).matches(labels)
        }
        #expect(NamespaceSelector().matches([:]))
        #expect(NamespaceSelector(matchLabels: ["team": "finance"]).matches(labels))
        #expect(!NamespaceSelector(matchLabels: ["team": "finance", "mail": "allowed"]).matches(labels))
        #expect(matches(.init(key: "team", operator: .in, values: ["finance", "it"])))
        #expect(!matches(.init(key: "x", operator: .in, values: ["finance"])))
        #expect(matches(.init(key: "x", operator: .notIn, values: ["finance"])))
        #expect(!matches(.init(key: "team", operator: .notIn, values: ["finance"])))
        #expect(matches(.init(key: "team", operator: .exists), .init(key: "x", operator: .doesNotExist)))
        #expect(!matches(.init(key: "team", operator: .exists), .init(key: "tier", operator: .doesNotExist)))
    }

    @Test func selectorsValuesFitItsOperator() {
        var spec = ReportChannelSpec.sound(.mail)
        spec.allowedNamespaces = NamespaceSelector(matchExpressions: [
            .init(key: "team", operator: .in), .init(key: "team", operator: .exists, values: ["x"]),
        ])
        let faults = ChannelCheck.faults(in: spec, at: "spec")
        #expect(faults.count == 2)
        #expect(faults.allSatisfy { $0.hasPrefix("spec.allowedNamespaces.matchExpressions[") })
    }
}
