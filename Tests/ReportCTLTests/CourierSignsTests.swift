import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportCTL

struct CourierSignsTests {
    private let signs = CourierSigns(courierNamespace: "report-operator", now: .start.after(90)) { "channels \($0)" }

    @Test func eachChannelHasALineWithWhatToDo() {
        func reason(_ reason: String, _ name: String) -> ReportChannel {
            var channel = ReportChannel.mail(name, ready: "False", message: "535 wrong\nmore")
            channel.status?.conditions?[0].reason = reason
            return channel
        }
        var faulty = ReportChannel.mail("faulty")
        faulty.spec = .value(ReportChannelSpec(type: .folder))
        let findings = signs.channels([
            .mail("a", message: "smtp.example.com took the credentials"), reason("Misconfigured", "b"),
            reason("Unreachable", "c"), .mail("new", ready: nil), faulty,
        ])
        #expect(findings.map(\.subject) == ["channel a", "channel b", "channel c", "channel faulty", "channel new"])
        #expect(findings.map(\.level) == [.ok, .failure, .failure, .failure, .failure])
        #expect(findings[0].text == "Mail: smtp.example.com took the credentials")
        #expect(findings[1].text == "Mail: 535 wrong" && findings[1].mend?.contains("its Secret") == true)
        #expect(
            findings[2].mend?.contains("NetworkPolicy") == true && findings[2].mend?.hasSuffix("channels c") == true)
        #expect(findings[3].mend == "mend its spec: kubectl edit reportchannel faulty -n report-operator")
        #expect(findings[4].text == "Mail: no courier has tried it for 90s")
    }

    @Test func aChannelThatWasCreatedJustNowIsNoFault() {
        #expect(signs.channels([.mail(at: .start.after(60), ready: nil)]).map(\.level) == [.ok])
    }

    @Test func aCourierIsMissedOnlyWhereThereIsWork() {
        #expect(signs.withoutCourier(isNeeded: false).level == .ok)
        let finding = signs.withoutCourier(isNeeded: true)
        #expect(finding.level == .failure && finding.mend?.hasPrefix("kubectl apply -k manifests/courier") == true)
    }

    @Test func deliveriesThatWaitForADocumentToBeMendedAreTold() {
        var stuck = ReportDelivery.fixture("stuck").with(
            .sending, [], message: "the document \"d/a\" can't be read: phase")
        stuck.status?.conditions = [
            Condition(
                type: "Delivered", status: "Unknown", reason: Reason.ledgerUnreadable, message: "",
                lastTransitionTime: Timestamp(seconds: 0), observedGeneration: nil)
        ]
        let findings = signs.deliveries([.fixture("sent").with(.delivered, []), stuck], name: \.metadata.name) {
            "resend \($0.metadata.name)"
        }
        #expect(findings.map(\.level) == [.failure])
        #expect(
            findings.first?.text
                == "1 delivery waits for a document of MongoDB to be mended, such as stuck: the document \"d/a\" can't be "
                + "read: phase")
    }

    @Test func deliveriesThatNobodySawAndThatFailedAreTold() {
        var old = ReportDelivery.fixture("old").with(.failed, [])
        old.status?.completedAt = .start.after(-90_000)
        let findings = signs.deliveries(
            [
                .fixture("waiting"), .fixture("sent").with(.delivered, []), old,
                .fixture("failed").with(.failed, [], message: "550 no such mailbox"),
            ], name: \.metadata.name
        ) { "resend \($0.metadata.name)" }
        #expect(
            findings.map(\.text) == [
                "no courier has seen 1 delivery, such as waiting, for 90s",
                "1 delivery didn't reach everybody within the last day, such as failed: 550 no such mailbox",
            ])
        #expect(findings[1].mend == "mend what it says, then: resend failed")
    }
}
