import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// What goes out at a run's end is made once, and changes nothing of the run.
struct RunDeliveryTests {
    private static let mail = DeliverSpec(channel: "mail", to: ["dana@example.com"], formats: ["pdf"], when: .succeeded)
    private static let archive = DeliverSpec(channel: "archive", when: .always)
    private static let notice = DeliverSpec(channel: "mail", to: ["lee@example.com"], when: .failed)

    private func ended(_ phase: ReportRequestStatus.Phase = .succeeded, _ entries: DeliverSpec...) -> DeliveryScene {
        var scene = DeliveryScene(entries)
        scene.end(phase)
        #expect(scene.request.status?.phase == phase)
        return scene
    }

    // MARK: Making

    @Test func endSaysThatSomethingGoesOutAndTheNextPassMakesIt() throws {
        var scene = ended(.succeeded, Self.mail, Self.archive)
        #expect(scene.delivered?.status == "Unknown")
        #expect(scene.delivered?.reason == Reason.delivering)
        let plan = scene.plan()
        #expect(plan.kinds == ["createDelivery", "createDelivery"])
        #expect(plan.deliveries.map(\.spec.entry) == [Self.mail, Self.archive])
        #expect(plan.status == nil)
        scene.deliver()
        #expect(scene.delivered?.status == "Unknown")
        #expect(scene.delivered?.message.contains("on the way by mail, archive") == true)
        #expect(scene.request.status?.phase == .succeeded)
        #expect(scene.plan(after: 999).isEmpty)
        let names = plan.deliveries.map(\.name)
        #expect(Set(names).count == 2)
        let first = try #require(plan.deliveries.first)
        #expect(first.spec.reportID == scene.request.metadata.uid)
        #expect(first.spec.attempt == 1)
        #expect(first.metadata.labels[ReportsAPI.Label.requestUID] == scene.request.metadata.uid)
        #expect(first.metadata.labels[ReportsAPI.Label.attempt] == "1")
        #expect(first.metadata.labels[ReportsAPI.Label.place] == "0")
        #expect(first.metadata.namespace == scene.request.metadata.namespace)
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        var phase: ReportRequestStatus.Phase
        var channels: [DeliverSpec.When]

        var testDescription: String { phase.rawValue }
    }

    @Test(arguments: [
        Ending(phase: .succeeded, channels: [.succeeded, .always]),
        Ending(phase: .failed, channels: [.failed, .always]),
        Ending(phase: .cancelled, channels: [.always]),
    ])
    func eachEndHasItsOwn(ending: Ending) {
        let entries = DeliverSpec.When.allCases.map { DeliverSpec(channel: "archive", when: $0) }
        var scene = DeliveryScene(entries)
        scene.end(ending.phase)
        #expect(scene.plan().deliveries.compactMap(\.spec.when) == ending.channels)
    }

    @Test func aRunThatSendsNothingIsWrittenNoMore() {
        for scene in [ended(.succeeded), ended(.failed, Self.mail), ended(.succeeded, Self.notice)] {
            #expect(scene.delivered == nil)
            #expect(scene.plan(after: 9).isEmpty)
        }
    }

    @Test func whatSomebodyDeletesIsNotMadeAgain() throws {
        var scene = ended(.succeeded, Self.mail)
        scene.deliver()
        scene.known.made = [:]
        let plan = scene.plan()
        #expect(plan.kinds == ["confirmDeliveryIsGone"])
        #expect(plan.status?.condition(.delivered)?.reason == Reason.deliveryFailed)
        scene.known.isListed = false
        #expect(scene.plan().isEmpty)
    }

    @Test func aNewAttemptSendsAnew() throws {
        var scene = ended(.failed, Self.notice)
        let first = try #require(scene.plan().deliveries.first)
        scene.deliver()
        scene.request = scene.request.attempt(2)
        scene.request = scene.request.applying(scene.plan(after: 9))
        #expect(scene.request.status?.phase == .running)
        #expect(scene.delivered == nil)
        let job = Job.fixture(of: scene.request, stage: "a", attempt: 2).failed()
        scene.request = scene.request.applying(scene.plan(knowing: scene.known, jobs: [job], after: 999))
        let second = try #require(scene.plan().deliveries.first)
        #expect(second.name != first.name)
        #expect(second.spec.attempt == 2)
    }

    @Test func withoutACourierTheConditionSaysSo() {
        var scene = DeliveryScene([Self.mail])
        scene.accept(knowing: nil)
        let job = Job.fixture(of: scene.request, stage: "a").complete()
        scene.request = scene.request.applying(scene.plan(knowing: nil, jobs: [job]))
        #expect(scene.delivered?.status == "False")
        #expect(scene.delivered?.reason == Reason.notConfigured)
        #expect(scene.delivered?.message.contains("--courier-namespace") == true)
        #expect(scene.plan(knowing: nil, after: 9).isEmpty)
    }

    // MARK: Runs that never started

    @Test func refusedRequestSendsANoticeByItsOwnList() throws {
        let faulty = DeliverSpec(channel: "Bad Name", when: .failed)
        var scene = DeliveryScene([faulty, Self.notice, Self.mail])
        scene.request = scene.request.applying(scene.plan())
        #expect(scene.request.status?.reason == Reason.invalidSpec)
        #expect(scene.delivered?.reason == Reason.delivering)
        let made = scene.plan().deliveries
        #expect(made.map(\.spec.to) == [["lee@example.com"]])
        #expect(made.first?.metadata.labels[ReportsAPI.Label.place] == "1")
        scene.deliver()
        #expect(scene.plan().isEmpty)
        let first = try #require(made.first)
        scene.see(first, .delivered)
        scene.request = scene.request.applying(scene.plan())
        #expect(scene.delivered?.isTrue == true)
        #expect(scene.plan(after: 9).isEmpty)
    }

    @Test func refusedRequestSendsANoticeByTheDefaultChannel() {
        var scene = DeliveryScene(nil) { spec in
            spec.pipeline?.stages = []
            spec.requester = .init(name: "Dana", email: "dana@example.com")
            spec.output = .init(formats: ["pdf"])
        }
        scene.known.channels = [.mail(isDefault: true)]
        scene.request = scene.request.applying(scene.plan())
        #expect(scene.request.status?.reason == Reason.invalidSpec)
        let made = scene.plan().deliveries
        #expect(made.map(\.spec.to) == [["dana@example.com"]])
        #expect(made.map(\.spec.formats) == [nil])
    }

    // MARK: Deletion

    @Test func recordWaitsUntilDeliveriesExistAndNotUntilTheyAreSent() {
        var scene = DeliveryScene([Self.mail])
        scene.record = .stored
        scene.request.metadata.finalizers = [ReportsAPI.Finalizer.record]
        scene.end(.succeeded)
        scene.request = scene.request.deleting()
        #expect(scene.plan().kinds == ["createDelivery"])
        scene.deliver()
        #expect(scene.plan().actions == [.setFinalizers([])])
    }

    @Test func namespaceThatGoesHoldsNobody() throws {
        var scene = DeliveryScene([Self.mail])
        scene.record = .stored
        scene.request.metadata.finalizers = [ReportsAPI.Finalizer.record]
        scene.end(.succeeded)
        scene.request = scene.request.deleting()
        let name = try #require(scene.plan().deliveries.first?.name)
        let plan = scene.plan(setbacks: [name: .postponed("the namespace is being terminated")])
        #expect(plan.actions == [.setFinalizers([])])
    }

    @Test func runOfADeletedRequestSendsNothing() {
        var scene = DeliveryScene([Self.mail, Self.archive])
        scene.accept(knowing: scene.known)
        scene.request = scene.request.deleting()
        scene.request = scene.request.applying(scene.plan())
        #expect(scene.request.status?.reason == Reason.requestDeleted)
        #expect(scene.delivered == nil)
        #expect(scene.plan().deliveries == [])
    }

    @Test func requestWhoseTimeIsOverWaitsForItsDeliveries() {
        var scene = DeliveryScene([Self.mail]) { $0.ttlSecondsAfterFinished = 0 }
        scene.end(.succeeded)
        #expect(scene.plan(after: 9).kinds == ["createDelivery"])
        scene.deliver()
        #expect(scene.plan(after: 9).kinds == ["deleteRequest"])
    }

    // MARK: What is in the way

    @Test func setbackIsToldAndTriedAgain() throws {
        var scene = ended(.succeeded, Self.mail)
        let name = try #require(scene.plan().deliveries.first?.name)
        let setbacks = [name: ObservedRun.Setback.postponed("forbidden")]
        let told = scene.plan(setbacks: setbacks)
        #expect(told.actions == [])
        #expect(told.status?.condition(.delivered)?.status == "Unknown")
        #expect(told.status?.condition(.delivered)?.message.contains("forbidden") == true)
        scene.request = scene.request.applying(told)
        #expect(scene.plan(setbacks: setbacks).kinds == ["createDelivery"])
    }

    @Test func whatIsRefusedForGoodIsAFailureAndHoldsNoOtherBack() throws {
        var scene = ended(.succeeded, Self.mail, Self.archive)
        let made = scene.plan().deliveries
        let setbacks = [made[0].name: ObservedRun.Setback.refused("spec.attempt: too large")]
        #expect(scene.plan(setbacks: setbacks).deliveries.map(\.name) == [made[1].name])
        scene.see(made[1], .delivered)
        scene.request = scene.request.applying(scene.plan(setbacks: setbacks))
        let end = scene.plan(setbacks: setbacks).status?.condition(.delivered)
        #expect(end?.reason == Reason.partlyDelivered)
        #expect(end?.message.contains("too large") == true)
    }

    // MARK: Telling

    struct Outcome: Sendable, CustomTestStringConvertible {
        var phases: [ReportDeliveryStatus.Phase?]
        var status: String
        var reason: String

        var testDescription: String { "\(phases)" }
    }

    @Test(arguments: [
        Outcome(phases: [.pending, .delivered], status: "Unknown", reason: Reason.delivering),
        Outcome(phases: [nil, .failed], status: "Unknown", reason: Reason.delivering),
        Outcome(phases: [.rendering, .sending], status: "Unknown", reason: Reason.delivering),
        Outcome(phases: [.delivered, .delivered], status: "True", reason: Reason.delivered),
        Outcome(phases: [.delivered, .failed], status: "False", reason: Reason.partlyDelivered),
        Outcome(phases: [.failed, .partlyDelivered], status: "False", reason: Reason.partlyDelivered),
        Outcome(phases: [.failed, .failed], status: "False", reason: Reason.deliveryFailed),
    ])
    func conditionSaysWhatBecameOfAllOfThem(outcome: Outcome) {
        var scene = ended(.succeeded, Self.mail, Self.archive)
        let made = scene.plan().deliveries
        scene.deliver()
        for (delivery, phase) in zip(made, outcome.phases) { scene.see(delivery, phase, "550 no such user") }
        let before = scene.request.status
        scene.request = scene.request.applying(scene.plan(after: 60))
        #expect(scene.delivered?.status == outcome.status)
        #expect(scene.delivered?.reason == outcome.reason)
        if outcome.status == "False" {
            #expect(scene.delivered?.message.contains("550 no such user") == true)
            #expect(scene.delivered?.message.contains("kubectl get rd -n finance") == true)
        }
        #expect(scene.request.status?.phase == before?.phase)
        #expect(scene.request.status?.transitions == before?.transitions)
        #expect(scene.request.status?.message == before?.message)
        #expect(scene.plan(after: 120).isEmpty)
    }

    @Test func anothersDeliveryOfThatNameIsLeftAndToldOf() throws {
        var scene = ended(.succeeded, Self.mail)
        let delivery = try #require(scene.plan().deliveries.first)
        scene.deliver()
        scene.known.made[delivery.name]?.spec = .value(
            ReportDeliverySpec(reportID: "other", entry: DeliverSpec(channel: "mail")))
        let condition = scene.plan().status?.condition(.delivered)
        #expect(condition?.reason == Reason.deliveryFailed)
        #expect(condition?.message.contains(delivery.name) == true)
        let message = try #require(condition?.message)
        #expect(message.contains("name is taken") && message.contains("kubectl delete rd \(delivery.name) -n finance"))
        #expect(
            message.contains("kubectl report resend \(scene.request.metadata.uid) -n finance --channel mail"),
            "\(message)")
    }

    @Test func pinnedListIsKeptInACacheUntilNothingMoreBecomesKnown() throws {
        var scene = ended(.succeeded, Self.mail)
        let delivery = try #require(scene.plan().deliveries.first)
        #expect(scene.request.trimmedForCache.status?.accepted != nil)
        scene.deliver()
        #expect(scene.request.trimmedForCache.status?.accepted != nil)
        scene.see(delivery, .delivered)
        scene.request = scene.request.applying(scene.plan())
        #expect(scene.request.trimmedForCache.status?.accepted == nil)
        #expect(ended(.failed, Self.mail).request.trimmedForCache.status?.accepted == nil)
    }
}
