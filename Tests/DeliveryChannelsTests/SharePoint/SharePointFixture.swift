import ChannelServers
import DeliveryChannels
import Foundation
import KubernetesModel
import Logging
import ReportAPI

/// A channel of type SharePoint that leads to the tests' Graph server.
struct SharePointFixture {
    let world: GraphServer.World
    let sender: SharePointSender

    init(
        _ path: String = "reports/{namespace}/{report}", library: String? = nil,
        site: String = "https://example.sharepoint.com/sites/finance", secret: String = "s3cret",
        change: (inout ReportChannelSpec) -> Void = { _ in }
    ) throws {
        world = try GraphServer.world()
        var spec = world.spec(.sharePoint)
        spec.sharePoint = ReportChannelSpec.SharePoint(
            tenant: "example.com", site: site, library: library, path: path,
            credentials: .init(secretRef: .init(name: "graph")))
        change(&spec)
        sender = try SharePointSender(
            spec, secrets: world.secrets(["clientID": "app", "clientSecret": secret]), cloud: world.cloud,
            logger: Logger(label: "test"))
    }

    static let folder = "reports/finance/0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d"

    func send(
        _ files: [Dispatch.File], within limit: Duration = .seconds(60),
        mayBegin: @escaping @Sendable () -> Bool = { true }
    ) async -> SendOutcome {
        await sender.send(Copies.one(files), by: .now + limit, mayBegin: mayBegin)
    }

    func trial() async -> ChannelTrial { await sender.trial(by: .now + .seconds(60)) }
}

extension SendOutcome {
    var words: String {
        switch self {
        case .sent(_, let words), .refused(let words), .deferred(let words, _), .misconfigured(let words),
            .uncertain(let words):
            words
        }
    }

    var isDeferred: Bool {
        if case .deferred = self { true } else { false }
    }

    var isSent: Bool {
        if case .sent = self { true } else { false }
    }

    var isMisconfigured: Bool {
        if case .misconfigured = self { true } else { false }
    }

    var isRefused: Bool {
        if case .refused = self { true } else { false }
    }
}
