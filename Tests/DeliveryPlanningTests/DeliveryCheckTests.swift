import DeliveryPlanning
import ReportAPI
import Testing

@Suite struct DeliveryCheckTests {
    private static let entry = DeliverSpec(
        channel: "mail", to: ["dana@example.com"], cc: ["audit@partner.example"], replyTo: "books@elsewhere.example",
        formats: ["pdf", "xlsx"], only: ["plant": "north"], fileName: "{pipeline}-{period}",
        subject: "Trial balance {period}", text: "For you.\nOnce {{a month}.")

    private func faults(
        _ change: (inout DeliverSpec) -> Void = { _ in }, channel: ReportChannelSpec? = .sound(.mail)
    ) -> [String] {
        var entry = Self.entry
        change(&entry)
        return DeliveryCheck.faults(in: entry, channel: channel, parameters: ["period"], at: "spec.deliver[0]")
    }

    @Test func soundEntryHasNoFaults() { #expect(faults() == []) }

    @Test func deliverysOwnFieldsAreCheckedWithItsEntrys() {
        var spec = ReportDeliverySpec(reportID: "a/b", attempt: 0, entry: Self.entry, ttlSecondsAfterFinished: -1)
        spec.formats = ["doc"]
        let faults = DeliveryCheck.faults(in: spec, channel: nil, parameters: nil, at: "spec")
        let fields = ["reportID", "attempt", "ttlSecondsAfterFinished", "formats[0]"]
        #expect(faults.count == fields.count)
        for (fault, field) in zip(faults, fields) { #expect(fault.hasPrefix("spec.\(field): ")) }
    }

    @Test func addressesAreForMailAlone() {
        let found = faults(channel: .sound(.folder))
        for field in ["to", "cc", "replyTo"] {
            #expect(
                found.contains(
                    "spec.deliver[0].\(field): is for channels of type Mail alone; \"mail\" is of type Folder"))
        }
        let change: (inout DeliverSpec) -> Void = {
            $0.to = nil
            $0.cc = nil
            $0.replyTo = nil
        }
        #expect(faults(change, channel: .sound(.folder)) == [])
        #expect(faults(change) == ["spec.deliver[0].to: at least one is required for a channel of type Mail"])
        #expect(faults(change, channel: nil) == [])
    }

    @Test func addressThatIsNoneIsNamed() {
        let found = faults { $0.to = ["dana@example.com", "Dana <dana@example.com>\r\nBcc: x@example.com"] }
        #expect(found.count == 1)
        #expect(found[0].hasPrefix(#"spec.deliver[0].to[1]: "Dana <dana@example.com>  Bcc: x@example.com" is not one"#))
    }

    @Test func recipientOutsideTheAllowedOnesIsRefused() {
        #expect(
            faults { $0.to = ["dana@mail.example.com"] } == [
                #"spec.deliver[0].to[0]: "dana@mail.example.com" is not among the channel's allowedRecipients"#
            ])
    }

    /// Checked again at each send, with what the channel says then.
    @Test func obstacleToARecipientIsThatOfTheChannelOfTheMoment() throws {
        var mail = try #require(ReportChannelSpec.sound(.mail).mail)
        #expect(DeliveryCheck.obstacle(to: "dana@example.com", through: mail) == nil)
        mail.allowedRecipients = ["audit@partner.example"]
        #expect(DeliveryCheck.obstacle(to: "dana@example.com", through: mail)?.contains("allowedRecipients") == true)
        #expect(DeliveryCheck.obstacle(to: "dana", through: mail)?.contains("one plain address") == true)
    }

    @Test func recipientIsGivenOnce() {
        #expect(
            faults { $0.cc = ["Dana@EXAMPLE.com"] } == [#"spec.deliver[0].cc[0]: "Dana@EXAMPLE.com" is given twice"#])
    }

    @Test(arguments: [(199, true), (200, false)])
    func atMost200RecipientsWithCopies(count: Int, isAllowed: Bool) {
        let found = faults { $0.to = (0..<count).map { "r\($0)@example.com" } }
        #expect(
            found
                == (isAllowed
                    ? []
                    : ["spec.deliver[0].to: 201 recipients are given with cc; at most 200 are allowed"]))
    }

    @Test func formatsAreKnownAndGivenOnce() {
        #expect(
            faults { $0.formats = ["pdf", "doc", "pdf"] } == [
                #"spec.deliver[0].formats[1]: "doc" is not one of pdf, xlsx, csv, html, json"#,
                "spec.deliver[0].formats[2]: pdf is given twice",
            ])
    }

    @Test func unknownPlaceholderIsNamedWithWhatIsAllowed() {
        #expect(
            faults { $0.subject = "Of {perod}" } == [
                #"spec.deliver[0].subject: "{perod}" is unknown; allowed are {report}, {namespace}, {pipeline}, "#
                    + "{period}; write {{ for a brace"
            ])
    }

    @Test func headerAndFileNameAreOneLineAndNoPath() {
        #expect(faults { $0.subject = "a\r\nBcc: x@example.com" }.count == 1)
        #expect(faults { $0.fileName = "../{period}" }.count == 1)
        #expect(faults { $0.fileName = #"a\b"# }.count == 1)
    }

    @Test func longTextsCostNoMoreThanTheirLength() {
        let long = "e" + String(repeating: "\u{301}", count: 200_000)
        let found = faults {
            $0.channel = long
            $0.to = [long]
            $0.replyTo = long
            $0.formats = [long]
            $0.fileName = long
            $0.subject = long
            $0.text = long
            $0.only = [long: long]
        }
        #expect(found.count >= 7 && found.allSatisfy { $0.utf8.count < 400 })
    }

    @Test func namespaceIsAdmittedByItsLabels() {
        var channel = ReportChannelSpec.sound(.mail)
        channel.allowedNamespaces = NamespaceSelector(matchLabels: ["mail": "allowed"])
        #expect(DeliveryCheck.admits(namespaceLabels: ["mail": "allowed"], by: channel))
        #expect(!DeliveryCheck.admits(namespaceLabels: [:], by: channel))
    }
}
