import AsyncSupport
import DeliveryPlanning
import FoundationEssentials
import HTTPTransport
import KubernetesModel
import NetworkAddresses
import ReportLayout
import Synchronization

/// The document library of a site, found once by its names and known by its ids from then on.
final class SharePointLibrary: Sendable {
    struct Drive: Decodable, Hashable, Sendable {
        var id: String
        var name: String?
        /// Such as `https://example.sharepoint.com/sites/finance/Shared%20Documents`.
        var webUrl: String?
    }

    private struct Site: Decodable {
        var id: String
    }

    private struct Drives: Decodable {
        var value: [Drive]
        var next: String?

        private enum CodingKeys: String, CodingKey {
            case value
            case next = "@odata.nextLink"
        }
    }

    /// Pages of libraries that are looked at.
    private static let mostPages = 20

    let client: GraphClient
    /// As people know it.
    let site: String
    private let sitePath: String
    private let library: String?
    private let found = Mutex<Drive?>(nil)

    /// `site`: such as `https://example.sharepoint.com/sites/finance`.
    init(client: GraphClient, site: ServerURL, library: String?) {
        self.client = client
        self.library = library
        var path = site.target
        while path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        self.site = "https://\(site.host)\(path)"
        sitePath = "/sites/" + (path.isEmpty ? site.host : "\(site.host):\(path)")
    }

    /// Has it looked for anew: its ids aren't known any more.
    func forget() { found.withLock { $0 = nil } }

    func drive(by deadline: ContinuousClock.Instant) async throws(SharePointStop) -> Drive {
        if let drive = found.withLock({ $0 }) { return drive }
        let site: Site = try await read("\(sitePath)?$select=id", by: deadline)
        let drive =
            if let library {
                try await drive(named: library, of: PercentEncoding.component(site.id), by: deadline)
            } else {
                try await read(
                    "/sites/\(PercentEncoding.component(site.id))/drive?$select=id,name,webUrl", by: deadline) as Drive
            }
        found.withLock { $0 = drive }
        return drive
    }

    private func drive(
        named name: String, of siteID: String, by deadline: ContinuousClock.Instant
    ) async throws(SharePointStop) -> Drive {
        var next: String? = "/sites/\(siteID)/drives?$select=id,name,webUrl"
        var (drives, pages): ([Drive], Int) = ([], 0)
        while let path = next, pages < Self.mostPages {
            let page: Drives = try await read(path, by: deadline)
            drives += page.value
            // The token goes nowhere else.
            next = page.next.flatMap { $0.hasPrefix(client.base + "/") ? String($0.dropFirst(client.base.count)) : nil }
            pages += 1
        }
        let isCalled = { (drive: Drive) in drive.name?.isSame(as: name) ?? false }
        let isAlike = { (drive: Drive) in drive.name?.lowercased() == name.lowercased() }
        if let drive = drives.first(where: isCalled) ?? drives.first(where: isAlike) { return drive }
        let names = drives.prefix(10).compactMap(\.name).map { $0.onOneLine.head(bytes: 60) }.joined(separator: ", ")
        throw SharePointStop(
            .misconfigured(
                words: "\(site) has no library \(name)"
                    + (names.isEmpty ? "" : "; it has \(names)") + ". Check sharePoint.library"))
    }

    private func read<Value: Decodable>(
        _ path: String, by deadline: ContinuousClock.Instant
    ) async throws(SharePointStop) -> Value {
        let response = try await answer(.get, path, by: deadline)
        guard response.status == 200 else {
            throw SharePointStop(GraphAnswer(response, server: Self.server, now: client.now()), place: site)
        }
        guard let value = try? JSONDecoder().decode(Value.self, from: response.body) else {
            throw SharePointStop(.deferred(words: "\(Self.server) answered 200 with something else", after: nil))
        }
        return value
    }

    /// Any answer of Graph's.
    func answer(
        _ method: HTTPMethod, _ path: String, body: GraphBody = .none, by deadline: ContinuousClock.Instant,
        mayBegin: (@Sendable () -> Bool)? = nil
    ) async throws(SharePointStop) -> HTTPResponse {
        let response = await Result { () async throws(GraphFault) in
            try await client.answer(method, path, body: body, by: deadline, mayBegin: mayBegin)
        }
        return try response.mapError { SharePointStop($0, server: Self.server) }.get()
    }

    static let server = "Microsoft Graph"
}
