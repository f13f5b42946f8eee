import DeliveryPlanning
import Foundation
import KubernetesModel
import ReportAPI
import Testing
import YAMLCoding

/// The samples of channels: one of each type, and one that takes tickets.
@Suite struct SampleChannelTests {
    static let samples: [(file: String, kind: ReportChannelSpec.Kind)] = [
        ("mail", .mail), ("folder", .folder), ("webhook", .webhook), ("mqtt", .mqtt), ("sharepoint", .sharePoint),
        ("teams", .teams), ("tickets", .webhook),
    ]

    private static let folder = Repository.root.appending(path: "manifests/samples/channels")

    @Test(arguments: samples) func theyAreWithoutFault(file: String, kind: ReportChannelSpec.Kind) throws {
        let text = try Data(contentsOf: Self.folder.appending(path: "\(file).yaml"))
        let channel = try YAMLDecoder().decode(ReportChannel.self, from: text)
        #expect(channel.spec.value?.type == kind, "\(channel.spec)")
        let obstacle = ChannelCheck.obstacle(to: channel, courierNamespace: "report-operator")
        #expect(obstacle == nil)
    }

    @Test func oneTakesTickets() throws {
        let text = try Data(contentsOf: Self.folder.appending(path: "tickets.yaml"))
        let channel = try YAMLDecoder().decode(ReportChannel.self, from: text)
        let ticket = try #require(channel.spec.value?.webhook?.ticket)
        #expect(ticket.id == "/data/id" && ticket.close.url?.contains("{id}") == true)
    }

    @Test func eachTypeAndEachFileIsTried() throws {
        #expect(Set(Self.samples.map(\.kind)) == Set(ReportChannelSpec.Kind.allCases))
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files) == Set(Self.samples.map { "\($0.file).yaml" }))
    }
}
