import FoundationEssentials
import KubernetesModel
import MailMessages
import ReportAPI
import ReportLayout
import ReportRecords
import Testing

@testable import DeliveryChannels

/// Which cluster a report is from is said where it has a name, and nowhere else.
@Suite struct ClusterNameTests {
    private static func copy(_ origin: RecordOrigin, _ phase: ReportRequestStatus.Phase = .failed) -> Dispatch {
        var copy = Copies.one(phase: phase)
        copy.origin = origin
        return copy
    }

    private static let named = RecordOrigin(cluster: "5f7c", clusterName: "plant-2", namespaceUID: "8a11")
    private static let unnamed = RecordOrigin(cluster: "5f7c", namespaceUID: "8a11")

    @Test func mailsSayIt() throws {
        let composer = MailComposer(from: Mailbox(address: try MailAddress("reports@example.com")))
        let dana = try MailAddress("dana@example.com")
        let report = "Report 0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d (finance/october, attempt 1"
        let named = composer.message(Self.copy(Self.named), to: dana)
        #expect(named.text.contains(report + ", cluster plant-2)"), "\(named.text)")
        #expect(named.html?.contains(report + ", cluster plant-2)") == true)
        for origin in [Self.unnamed, .unknown] {
            let message = composer.message(Self.copy(origin), to: dana)
            #expect(message.text.contains(report + ")") && !message.text.contains("cluster"), "\(message.text)")
            #expect(message.html?.contains("cluster") == false)
        }
    }

    @Test func cardsAndTextsSayIt() {
        let facts = TeamsNotice(Self.copy(Self.named), links: []).facts
        #expect(facts.contains { $0.title == "Cluster" && $0.value == "plant-2" })
        #expect(!TeamsNotice(Self.copy(Self.unnamed), links: []).facts.contains { $0.title == "Cluster" })
        #expect(String(decoding: FolderNotice.text(of: Self.copy(Self.named)), as: UTF8.self).contains("plant-2\r\n"))
        #expect(!String(decoding: FolderNotice.text(of: Self.copy(Self.unnamed)), as: UTF8.self).contains("Cluster"))
    }

    /// As the events in Redis have it.
    @Test func programsAreToldAllThatIsKnown() {
        let data = ReportNotice.data(of: Self.copy(Self.named, .succeeded))
        #expect(data["cluster"] == .string("5f7c") && data["namespaceUID"] == .string("8a11"))
        #expect(data["clusterName"] == .string("plant-2"))
        let unknown = ReportNotice.data(of: Self.copy(.unknown, .succeeded))
        #expect(unknown["cluster"] == nil && unknown["clusterName"] == nil && unknown["namespaceUID"] == nil)
    }
}
