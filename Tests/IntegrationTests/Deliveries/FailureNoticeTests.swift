import ClusterSupport
import DeliveryPlanning
import Foundation
import KubernetesModel
import PostfixSupport
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// What a requester reads when something didn't get out, by a courier as a program and a real Postfix.
@Suite(.timeLimit(.minutes(5))) struct FailureNoticeTests {
    @Test func theNoticeSaysWhatHappenedAndHoldsNothingOfTheReport() async throws {
        try await Postfix.withOne { postfix in
            try await DeliveryBed.run("failure-notice") { bed in
                let courier = try bed.courier()
                defer { courier.end() }
                try await bed.createMail(port: postfix.implicitTLSPort, postfix)
                let report = try await bed.record(
                    deliveries: [DeliverSpec(channel: "archive", when: .succeeded)],
                    failureNotice: DeliverSpec(channel: "mail", to: ["dana@example.com"], attach: .never))
                let own = OperatorDelivery(reportID: report, attempt: 2, place: 0, isNotice: true)
                let labels = own.labels.map { "\($0): \"\($1)\"" }.joined(separator: ", ")
                let name = "tb-notice-2-0-\(own.fingerprint)"
                try await bed.cluster.apply(
                    """
                    apiVersion: reports.ers.dev/v1
                    kind: ReportDelivery
                    metadata: {name: \(name), labels: {\(labels)}}
                    spec:
                      {reportID: \(report), attempt: 2, channel: mail, to: [dana@example.com], attach: never,
                       subject: "Not delivered: tb", text: "It didn't get out: {{disk} is full"}
                    """, in: bed.namespace)
                let done = try await bed.waitForEnd(of: name)
                #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "") \(courier.log.suffix(2000))")
                let mail = try #require(try await postfix.mail(to: "dana@example.com", count: 1).first)
                #expect(mail["Subject"] == "Not delivered: tb" && mail.files.isEmpty)
                #expect(mail.text?.hasPrefix("It didn't get out: {disk} is full\n") == true, "\(mail.text ?? "")")
                for body in [mail.text, mail.html] { #expect(body?.contains("Assets") == false) }
                let copies = try await bed.copies(ofReport: report)
                #expect(copies.map(\.delivery) == ["\(report)/2/0/notice"])
            }
        }
    }
}
