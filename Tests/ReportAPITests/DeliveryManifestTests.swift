import DeliveryPlanning
import Foundation
import KubernetesModel
import MailMessages
import ReportAPI
import Testing
import YAMLCoding

/// Manifests of channels and deliveries, as people write them.
@Suite struct DeliveryManifestTests {
    @Test func channelOfTypeMailIsReadWhole() throws {
        let channel = try decode(
            ReportChannel.self,
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportChannel
            metadata: {name: mail, namespace: report-operator, uid: u, resourceVersion: "1"}
            spec:
              type: Mail
              default: true
              retryFor: 12h
              tls: {caSecretRef: {name: smtp-ca}, clientCertificateSecretRef: {name: smtp-client}}
              allowedNamespaces: {matchLabels: {reports.ers.dev/mail: allowed}}
              mail:
                server: smtps://smtp.example.com:465
                from: "Reports <reports@example.com>"
                allowedRecipients: ["@example.com", "audit@partner.example"]
                limits: {perNamespacePerHour: 1000}
                credentials: {secretRef: {name: smtp}}
                maxMessageSize: 20Mi
            status:
              conditions: [{type: Ready, status: "False", reason: WrongNamespace}]
            """)
        let spec = try #require(channel.spec.value)
        #expect(
            spec
                == ReportChannelSpec(
                    type: .mail, default: true,
                    allowedNamespaces: NamespaceSelector(matchLabels: ["reports.ers.dev/mail": "allowed"]),
                    retryFor: ReportDuration("12h"),
                    tls: .init(
                        caSecretRef: SecretReference(name: "smtp-ca"),
                        clientCertificateSecretRef: SecretReference(name: "smtp-client")),
                    mail: .init(
                        server: "smtps://smtp.example.com:465", from: "Reports <reports@example.com>",
                        allowedRecipients: ["@example.com", "audit@partner.example"],
                        limits: .init(perNamespacePerHour: 1000),
                        credentials: .init(secretRef: SecretReference(name: "smtp")), maxMessageSize: "20Mi")))
        #expect(channel.status?.ready?.reason == Reason.wrongNamespace)
    }

    @Test func deliveryIsReadWholeAndHasTheEntryThatItWasMadeOf() throws {
        let delivery = try decode(
            ReportDelivery.self,
            """
            apiVersion: reports.ers.dev/v1
            kind: ReportDelivery
            metadata: {name: again, namespace: finance, uid: u, resourceVersion: "1"}
            spec:
              reportID: 0b8f11d2-6a51-4f0b-8a77-0f2f6f8f6b1e
              attempt: 2
              channel: mail
              to: [dana@example.com]
              cc: [lee@example.com]
              replyTo: books@example.com
              formats: [pdf, xlsx]
              when: Always
              unless: Empty
              only: {plant: north}
              attach: never
              fileName: "{pipeline}-{period}"
              subject: "Trial balance {period}"
              text: For the audit.
              ttlSecondsAfterFinished: 60
            status:
              phase: PartlyDelivered
              sent: 1/2
              attempts: 3
              pinned: {attempt: 2, publication: p, formats: [pdf]}
              files: [{format: pdf, name: tb.pdf, size: 1024, sha256: ab}]
              recipients:
              - {to: dana@example.com, phase: Sent, at: "2026-10-31T06:00:00Z", id: m, possiblyTwice: true}
              - {to: lee@example.com, phase: Failed, detail: 550 no such user}
            """)
        let entry = DeliverSpec(
            channel: "mail", to: ["dana@example.com"], cc: ["lee@example.com"], replyTo: "books@example.com",
            formats: ["pdf", "xlsx"], when: .always, unless: .empty, only: ["plant": "north"], attach: .never,
            fileName: "{pipeline}-{period}", subject: "Trial balance {period}", text: "For the audit.")
        let spec = try #require(delivery.spec.value)
        #expect(spec.entry == entry)
        #expect(
            spec
                == ReportDeliverySpec(
                    reportID: "0b8f11d2-6a51-4f0b-8a77-0f2f6f8f6b1e", attempt: 2, entry: entry,
                    ttlSecondsAfterFinished: 60))
        let status = try #require(delivery.status)
        #expect(status.phase?.isTerminal == true)
        let recipients = try #require(status.recipients)
        #expect(ReportDeliveryStatus.sent(of: recipients) == status.sent)
        #expect(recipients[0].possiblyTwice == true && recipients[1].detail == "550 no such user")
    }

    @Test func channelOfAnUnknownTypeStaysVisibleWithItsFault() throws {
        let channel = try decode(
            ReportChannel.self,
            """
            metadata: {name: fax, namespace: report-operator}
            spec: {type: Fax, allowedNamespaces: {}}
            """)
        guard case .fault(let fault) = channel.spec else {
            Issue.record("a type that isn't known was read")
            return
        }
        #expect(fault.contains("spec.type"))
    }

    @Test(
        "The schema refuses what the check refuses",
        arguments: [
            ("dana@example.com", true), ("d.o'neil+x@a-b.example", true), ("dana@localhost", true),
            ("dana@xn--mnchen-3ya.example", true), ("Dana <dana@example.com>", false), ("dana@example.com ", false),
            ("dana@münchen.example", false), ("\"d a\"@example.com", false), ("a@b@example.com", false),
            ("dana.@example.com", false), (".dana@example.com", false), ("dana@-example.com", false),
            ("dana@example..com", false), ("dana@[127.0.0.1]", false), ("a@example.com\nBcc: b@example.com", false),
        ])
    func addresses(text: String, isAllowed: Bool) throws {
        let spec = try #require(try ResourceDefinition.deliveries().schema["spec"])
        for field in ["to", "cc"] {
            let pattern = try #require(spec.properties[field]?.items?.pattern)
            #expect(try text.contains(Regex(pattern)) == isAllowed, "\(field)")
        }
        let replyTo = try #require(spec.properties["replyTo"]?.pattern)
        #expect(try text.contains(Regex(replyTo)) == isAllowed)
        let allowed = try #require(
            try ResourceDefinition.channels().schema["spec.mail.allowedRecipients"]?.items?.pattern)
        #expect(try text.contains(Regex(allowed)) == isAllowed)
        #expect(((try? MailAddress(text)) != nil) == isAllowed)
    }

    @Test func boundsAreThoseOfTheCheck() throws {
        let spec = try #require(try ResourceDefinition.deliveries().schema["spec"])
        #expect(spec["to"]?.integer("maxItems") == Int64(DeliveryCheck.maximumRecipients))
        #expect(spec["cc"]?.integer("maxItems") == Int64(DeliveryCheck.maximumRecipients))
        let bytes = Int64(MailAddress.maximumBytes)
        #expect(spec.properties["to"]?.items?.integer("maxLength") == bytes)
        #expect(spec["replyTo"]?.integer("maxLength") == bytes)
        #expect(spec["attempt"]?.integer("maximum") == Int64(DeliveryCheck.attempts.upperBound))
    }

    @Test func deliverysSpecNeverChanges() throws {
        let rules = try #require(try ResourceDefinition.deliveries().schema["spec"]).rules
        #expect(rules.contains { $0["rule"] == .string("self == oldSelf") })
        // CEL doesn't see fields that a schema leaves open, so that they could change.
        #expect(try ResourceDefinition.deliveries().schema.all.allSatisfy { !$0.keepsUnknownFields })
    }

    @Test func channelHasExactlyTheMemberOfItsType() throws {
        let spec = try #require(try ResourceDefinition.channels().schema["spec"])
        let rules = spec.rules.compactMap { $0["rule"]?.string }
        for kind in ReportChannelSpec.Kind.allCases {
            let member = try #require(spec.properties.keys.first { $0.lowercased() == kind.rawValue.lowercased() })
            #expect(rules.contains("has(self.\(member)) == (self.type == '\(kind.rawValue)')"))
        }
    }

    private func decode<T: Decodable>(_ type: T.Type, _ yaml: String) throws -> T {
        try YAMLDecoder().decode(type, from: Data(yaml.utf8))
    }
}
