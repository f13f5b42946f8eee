import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What goes out is decided once, when a request is accepted.
struct PinnedDeliveriesTests {
    typealias Known = ObservedRun.Deliveries

    private static let own = DeliverSpec(channel: "archive", formats: ["csv"], when: .always)
    private static let defaults = Known(channels: [.mail(isDefault: true), .folder(isDefault: true)])
    private static func wanting(_ spec: inout ReportRequestSpec) {
        spec.requester = .init(name: "Dana", email: "dana@example.com")
        spec.output = .init(formats: ["pdf", "xlsx"])
    }

    private func pinned(
        _ deliver: [DeliverSpec]?, _ known: Known?, _ edit: (inout ReportRequestSpec) -> Void = wanting
    ) -> [DeliverSpec]? {
        var scene = DeliveryScene(deliver, edit)
        scene.accept(knowing: known)
        #expect(scene.request.status?.phase == .running)
        return scene.request.status?.accepted?.deliveries
    }

    @Test func requestsListComesBeforeThePipelinesAndThatBeforeTheDefaults() {
        let pipeline = PipelineSpec.chain("a").with { $0.deliver = [DeliverSpec(channel: "share")] }
        let ofPipeline = pinned(nil, Self.defaults) { spec in
            Self.wanting(&spec)
            spec.pipeline = pipeline
        }
        #expect(ofPipeline?.map(\.channel) == ["share"])
        let ofRequest = pinned([Self.own], Self.defaults) { $0.pipeline = pipeline }
        #expect(ofRequest == [Self.own])
        #expect(pinned([], Self.defaults) == [])
        #expect(pinned(nil, Known()) == [])
    }

    @Test func anEntryHoldsAllThatItsDeliveryNeeds() {
        let known = Known(channels: [.mail(), .folder()])
        let entries = [DeliverSpec(channel: "mail"), DeliverSpec(channel: "archive"), DeliverSpec(channel: "later")]
        let wanted = ["pdf", "xlsx"]
        #expect(
            pinned(entries, known) == [
                DeliverSpec(channel: "mail", to: ["dana@example.com"], formats: wanted, when: .succeeded),
                DeliverSpec(channel: "archive", formats: wanted, when: .succeeded),
                DeliverSpec(channel: "later", formats: wanted, when: .succeeded),
            ])
        let whole = DeliverSpec(
            channel: "mail", to: ["lee@example.com"], cc: ["kim@example.com"], replyTo: "books@example.com",
            formats: ["csv"], when: .failed, unless: .empty, only: ["plant": "north"], attach: .never, fileName: "f",
            subject: "s", text: "t")
        #expect(pinned([whole], known) == [whole])
    }

    @Test func pinnedPipelineDoesNotHoldTheListOnceMore() {
        var scene = DeliveryScene(nil) { $0.pipeline?.deliver = [Self.own] }
        scene.accept(knowing: Self.defaults)
        #expect(scene.request.status?.accepted?.pipeline.deliver == nil)
        #expect(scene.request.status?.accepted?.deliveries == [Self.own])
    }

    // MARK: Defaults

    @Test func defaultForMailIsForRequestsWithAnAddressAndFormats() {
        let mail = Known(channels: [.mail(isDefault: true)])
        let files = DeliverSpec(
            channel: "mail", to: ["dana@example.com"], formats: ["pdf", "xlsx"], when: .succeeded)
        let notice = DeliverSpec(channel: "mail", to: ["dana@example.com"], when: .failed)
        #expect(pinned(nil, mail) == [files, notice])
        #expect(pinned(nil, mail) { $0.requester = .init(name: "Dana", email: "dana@example.com") } == [])
        #expect(pinned(nil, mail) { $0.output = .init(formats: ["pdf"]) } == [])
        let unsound = pinned(nil, mail) { spec in
            Self.wanting(&spec)
            spec.requester?.email = "Dana <dana@example.com>"
        }
        #expect(unsound == [])
    }

    /// Pinned too: whose request was accepted before there was a default channel is told nothing, ever.
    @Test func wayToTellTheRequesterOfAFailureIsTheDefaultChannels() {
        func way(_ deliver: [DeliverSpec]?, _ known: Known, _ email: String? = "dana@example.com") -> DeliverSpec? {
            var scene = DeliveryScene(deliver) { $0.requester = .init(name: "Dana", email: email) }
            scene.accept(knowing: known)
            return scene.request.status?.accepted?.failureNotice
        }
        let notice = DeliverSpec(channel: "mail", to: ["dana@example.com"], attach: .never)
        #expect(way([Self.own], Self.defaults) == notice)
        #expect(way([Self.own], Known(channels: [.mail()])) == nil)
        #expect(way([Self.own], Self.defaults, nil) == nil)
        #expect(way([Self.own], Self.defaults, "Dana <dana@example.com>") == nil)
        #expect(way([], Self.defaults) == nil)
    }

    @Test func ofAScheduleThatFailsAgainAndAgainOnlyTheFirstFailureIsNews() {
        let mail = Known(channels: [.mail(isDefault: true)], followsFailure: true)
        #expect(pinned(nil, mail)?.map(\.when) == [.succeeded])
    }

    @Test func otherDefaultsAreForEveryRunHoweverItEnds() {
        let known = Known(channels: [.folder(isDefault: true)])
        #expect(pinned(nil, known) { _ in } == [DeliverSpec(channel: "archive", when: .always)])
        #expect(
            pinned(nil, Self.defaults)?.map(\.channel) == ["mail", "mail", "archive"])
    }

    @Test func ofTwoDefaultsTheOlderCounts() {
        let younger = ReportChannel.folder("a", isDefault: true, at: .start.after(60))
        let older = ReportChannel.folder("b", isDefault: true)
        #expect(pinned(nil, Known(channels: [younger, older]))?.map(\.channel) == ["b"])
    }

    @Test func defaultIsOnlyForTheNamespacesThatItAdmitsAndIsSound() {
        let selector = NamespaceSelector(matchLabels: ["reports.ers.dev/mail": "allowed"])
        let known = Known(channels: [.mail(isDefault: true, admitting: selector)])
        #expect(pinned(nil, known) == [])
        var labelled = known
        labelled.namespaceLabels = ["reports.ers.dev/mail": "allowed"]
        #expect(pinned(nil, labelled)?.count == 2)
        labelled.namespaceLabels = nil
        #expect(pinned(nil, labelled) == [])
        let broken = ReportChannel.folder(isDefault: true).with { channel in
            channel.spec = .value(ReportChannelSpec(type: .folder, default: true))
        }
        #expect(pinned(nil, Known(channels: [broken])) == [])
    }

    // MARK: Those that were accepted before

    @Test func whatWasAcceptedWithoutDeliveriesNeverGetsAny() {
        var scene = DeliveryScene([Self.own])
        scene.accept(knowing: nil)
        #expect(scene.request.status?.accepted?.deliveries == nil)
        scene.request = scene.request.applying(
            scene.plan(knowing: Self.defaults, jobs: [Job.fixture(of: scene.request, stage: "a").complete()]))
        #expect(scene.request.status?.phase == .succeeded)
        #expect(scene.delivered == nil)
        #expect(scene.plan(knowing: Self.defaults, after: 9).isEmpty)
    }

    /// Of the release before this one: over, accepted or refused, with a default channel for everything.
    @Test func fiveThousandFinishedRequestsSendNothing() {
        var sent = 0
        for number in 0..<5000 {
            let phases: [ReportRequestStatus.Phase] = [.succeeded, .failed, .cancelled]
            var request = ReportRequest.fixture(.chain("a"), name: "r\(number)", uid: "uid-\(number)")
                .spec(Self.wanting).started().ended(phases[number % 3])
            if number % 7 == 0 { request = request.status { $0.accepted = nil } }
            let plan = RunPlanner.plan(
                ObservedRun(request: request, deliveries: Self.defaults), now: .start.after(999))
            sent += plan.deliveries.count
            #expect(plan.status?.condition(.delivered) == nil)
        }
        #expect(sent == 0)
    }
}
