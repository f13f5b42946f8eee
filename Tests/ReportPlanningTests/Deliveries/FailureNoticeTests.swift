import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// That a delivery has failed for good is told to the requester: once, through the default channel, and never of a notice.
struct FailureNoticeTests {
    private static let share = DeliverSpec(channel: "archive", formats: ["pdf"], when: .succeeded)
    private static let mail = DeliverSpec(channel: "mail", to: ["lee@example.com"], formats: ["pdf"], when: .succeeded)

    /// A run that has ended so, with its deliveries made, and a default channel for mail.
    private func delivered(
        _ phase: ReportRequestStatus.Phase = .succeeded, _ entries: [DeliverSpec] = [share, mail],
        channels: [ReportChannel] = [.mail(isDefault: true), .folder()]
    ) -> (scene: DeliveryScene, made: [RunDelivery]) {
        var scene = DeliveryScene(entries) { $0.requester = .init(name: "Dana", email: "dana@example.com") }
        scene.known.channels = channels
        scene.end(phase)
        let made = scene.plan().deliveries
        scene.deliver()
        #expect(scene.delivered?.message.hasPrefix("on the way by") == true)
        return (scene, made)
    }

    @Test func failureIsToldToTheRequesterAtOnceAndOnlyOnce() throws {
        var (scene, made) = delivered()
        scene.see(made[0], .failed, "archive: {disk} is full")
        // The other one still goes on.
        let plan = scene.plan(after: 60)
        #expect(plan.kinds == ["createDelivery"] && plan.status == nil)
        let notice = try #require(plan.deliveries.first)
        #expect(notice.spec.channel == "mail" && notice.spec.to == ["dana@example.com"])
        #expect(notice.spec.attach == .never && notice.spec.formats == nil && notice.spec.attempt == 1)
        #expect(notice.spec.subject == "Not delivered: \(scene.request.metadata.name)")
        let text = try #require(notice.spec.text)
        #expect(text.contains("didn't get out through the channel archive:\n\narchive: {{disk} is full\n"), "\(text)")
        #expect(
            text.contains(
                "kubectl report resend \(scene.request.metadata.uid) -n finance --channel archive --only-missing"),
            "\(text)")
        scene.see(notice)
        #expect(scene.plan(after: 61).isEmpty)
        scene.see(made[1], .delivered)
        scene.request = scene.request.applying(scene.plan(after: 90))
        #expect(scene.delivered?.reason == Reason.partlyDelivered)
        #expect(scene.plan(after: 120).isEmpty)
    }

    @Test func eachFailureHasANoticeOfItsOwnAndThePartialOneSaysSo() {
        var (scene, made) = delivered()
        scene.see(made[0], .failed, "disk is full")
        scene.see(made[1], .partlyDelivered, "sent to 1 of 2")
        let notices = scene.plan().deliveries
        #expect(notices.count == 2 && Set(notices.map(\.name)).count == 2)
        #expect(notices.last?.spec.text?.contains("didn't get to everybody through the channel mail") == true)
    }

    /// The operator dies after any of its effects, and another goes on from what it finds.
    @Test func afterACrashAtAnyEffectEachNoticeIsThereOnceAndThenTheEndIsTold() {
        var (scene, made) = delivered()
        for delivery in made { scene.see(delivery, .failed, "no") }
        var created: [String] = []
        for prefix in 0...3 {
            var scene = scene
            var left = prefix
            for round in 0..<6 {
                let plan = scene.plan(after: Int64(round))
                for notice in plan.deliveries where left > 0 || round > 0 {
                    left -= 1
                    if scene.known.made[notice.name] != nil { Issue.record("\(notice.name) is made again") }
                    scene.see(notice)
                    created.append(notice.name)
                }
                if left > 0 || round > 0 { scene.request = scene.request.applying(plan) }
            }
            #expect(scene.known.made.count == 4, "after \(prefix) effects")
            #expect(scene.delivered?.reason == Reason.deliveryFailed)
            #expect(scene.plan(after: 99).isEmpty)
        }
        #expect(Set(created).count == 2)
    }

    @Test func failureOfANoticeIsNotTold() {
        var (scene, made) = delivered(.succeeded, [Self.share])
        scene.see(made[0], .failed, "disk is full")
        let notice = scene.plan().deliveries
        for notice in notice { scene.see(notice, .failed, "550 no such user") }
        scene.request = scene.request.applying(scene.plan(after: 9))
        #expect(scene.delivered?.reason == Reason.deliveryFailed)
        #expect(scene.delivered?.message.contains("550") == false)
        #expect(scene.plan(after: 99).isEmpty)
        // What goes out when a run fails is one itself.
        let ofFailure = DeliverSpec(channel: "mail", to: ["lee@example.com"], when: .failed)
        var (failed, notices) = delivered(.failed, [ofFailure])
        failed.see(notices[0], .failed, "550 no such user")
        #expect(failed.plan().deliveries.isEmpty)
        #expect(failed.plan().status?.condition(.delivered)?.reason == Reason.deliveryFailed)
        // And what goes through a broker.
        var (broker, sent) = delivered(
            .succeeded, [DeliverSpec(channel: "broker", when: .always)], channels: [.mail(isDefault: true), .mqtt()])
        broker.see(sent[0], .failed, "away")
        #expect(broker.plan().deliveries.isEmpty)
    }

    @Test func nobodyIsToldOfWhatSomebodyDeletedOrOfADeletedRequests() {
        var (scene, made) = delivered(.succeeded, [Self.share])
        scene.known.made = [:]
        #expect(scene.plan().deliveries.isEmpty)
        scene.see(made[0], .failed, "disk is full")
        #expect(scene.plan().deliveries.count == 1)
        scene.request = scene.request.deleting()
        #expect(scene.plan().deliveries.isEmpty)
    }

    @Test func whatWasPinnedWithoutAWayIsNotToldOf() {
        var (scene, made) = delivered(.succeeded, [Self.share], channels: [.mail(), .folder()])
        scene.known.channels = [.mail(isDefault: true), .folder()]
        scene.see(made[0], .failed, "disk is full")
        #expect(scene.plan().deliveries.isEmpty)
        #expect(scene.plan().status?.condition(.delivered)?.reason == Reason.deliveryFailed)
    }

    @Test func whatIsRefusedOrTakenIsToldToo() {
        var (scene, made) = delivered(.succeeded, [Self.share])
        scene.see(made[0])
        scene.known.made[made[0].name]?.spec = .value(
            ReportDeliverySpec(reportID: "other", entry: DeliverSpec(channel: "mail")))
        #expect(scene.plan().deliveries.first?.spec.text?.contains("name is taken") == true)
        var refused = DeliveryScene([Self.share]) { $0.requester = .init(name: "Dana", email: "dana@example.com") }
        refused.known.channels = [.mail(isDefault: true), .folder()]
        refused.end(.succeeded)
        let setbacks = [made[0].name: ObservedRun.Setback.refused("too large")]
        refused.request = refused.request.applying(refused.plan(setbacks: setbacks))
        #expect(refused.plan(setbacks: setbacks).deliveries.first?.spec.text?.contains("too large") == true)
    }

    /// It is tried again, in words; one that can never be made keeps nothing back.
    @Test func noticeThatCannotBeMadeIsToldOf() throws {
        var (scene, made) = delivered(.succeeded, [Self.share])
        scene.see(made[0], .failed, "disk is full")
        let name = try #require(scene.plan().deliveries.first?.name)
        let setbacks = [name: ObservedRun.Setback.postponed("exceeded quota")]
        scene.request = scene.request.applying(scene.plan(setbacks: setbacks))
        #expect(scene.delivered?.status == "Unknown")
        #expect(scene.delivered?.message.contains("exceeded quota") == true)
        #expect(scene.plan(setbacks: setbacks).kinds == ["createDelivery"])
        let refused = scene.plan(setbacks: [name: .refused("no")])
        #expect(refused.status?.condition(.delivered)?.reason == Reason.deliveryFailed)
    }
}
