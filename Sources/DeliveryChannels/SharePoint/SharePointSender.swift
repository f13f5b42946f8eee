import AsyncSupport
import DeliveryPlanning
package import FoundationEssentials
import HTTPTransport
import KubernetesModel
package import Logging
import NetworkAddresses
package import ReportAPI
import ReportLayout

/// Stores files in a document library of SharePoint, through Microsoft Graph, in the name of an application.
///
/// A report's file has one name there and takes the place of what has that name, so that each try and each resend ends
/// in one file. Up to 4 MB go in one request; longer ones in pieces, which go on after a break.
package struct SharePointSender: ChannelSender {
    /// In bytes.
    package static let largestWhole = 4_000_000

    /// Where a file came to be.
    package struct Stored: Hashable, Sendable {
        package var name: String
        package var item: DriveItem
        /// Of the file itself, where `item.webUrl` leads to an editor for it.
        package var contentURL: String?
    }

    /// Where the site is.
    let cloud: MicrosoftCloud
    private let library: SharePointLibrary
    private let path: ChannelPath
    private let clientID: String
    private let sessions = UploadSessions()

    /// `cloud`: by the site's host when nil. `now`: a clock that Microsoft agrees with.
    package init(
        _ spec: ReportChannelSpec, secrets: ChannelSecrets, cloud: MicrosoftCloud? = nil, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(ChannelFault) {
        guard let sharePoint = spec.sharePoint, let site = ServerURL(sharePoint.site), site.scheme == "https" else {
            throw ChannelFault(
                "spec.sharePoint.site must be an address such as https://example.sharepoint.com/sites/finance")
        }
        do throws(PlaceholderText.Fault) {
            path = try ChannelPath(sharePoint.path)
        } catch {
            throw ChannelFault("spec.sharePoint.path: \(error)")
        }
        guard let clientID = secrets.text("clientID") else {
            throw ChannelFault("spec.sharePoint.credentials.secretRef: the Secret needs clientID, the application's id")
        }
        self.clientID = clientID
        let cloud = cloud ?? MicrosoftCloud(siteHost: site.host)
        self.cloud = cloud
        let transport = HTTPTransport(
            configuration: try HTTPTransportConfiguration(spec, secrets: secrets), logger: logger)
        let tokens = AccessTokens(
            for: TokenEndpoint(
                cloud: cloud, tenant: PercentEncoding.component(sharePoint.tenant), transport: transport, now: now),
            clientID: clientID,
            credential: try ClientCredential(secrets, field: "spec.sharePoint.credentials.secretRef"),
            scope: cloud.graph + "/.default")
        library = SharePointLibrary(
            client: GraphClient(cloud: cloud, tokens: tokens, transport: transport, now: now), site: site,
            library: sharePoint.library)
    }

    /// A file takes its own place.
    package var repeatsHarmlessly: Bool { true }

    package func send(
        _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        guard !dispatch.files.isEmpty else { return await sendNotice(dispatch, by: deadline, mayBegin: mayBegin) }
        var stored: [Stored] = []
        for file in dispatch.files {
            switch await store(file, of: dispatch, by: deadline, mayBegin: mayBegin) {
            case .success(let file): stored.append(file)
            case .failure(let stop): return stop.outcome
            }
        }
        return sent(stored, dispatch)
    }

    package func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial {
        let drive: Result<SharePointLibrary.Drive, SharePointStop> = await Result { () async throws(SharePointStop) in
            // The names are looked up each time: somebody may have renamed what they belong to.
            library.forget()
            let drive = try await library.drive(by: deadline)
            let root = try await library.answer(
                .get, "/drives/\(PercentEncoding.component(drive.id))/root?$select=id", by: deadline)
            guard root.status == 200 else {
                throw SharePointStop(
                    GraphAnswer(root, server: SharePointLibrary.server, now: library.client.now()),
                    place: library.site)
            }
            return drive
        }
        switch drive {
        case .failure(let stop): return stop.trial
        case .success(let drive):
            return .works(
                words:
                    "Library \((drive.name ?? "Documents").onOneLine.head(bytes: 80)) of \(library.site) can be read "
                    + "as application \(clientID); only a file shows whether it may be written")
        }
    }

    // MARK: One file

    /// Stores a file in its place. With `keepsSame`, one that is there already, byte by byte, stays.
    package func store(
        _ file: Dispatch.File, of dispatch: Dispatch, keepsSame: Bool = false, by deadline: ContinuousClock.Instant,
        mayBegin: @escaping @Sendable () -> Bool
    ) async -> Result<Stored, SharePointStop> {
        let name = SharePointName.one(file.name)
        let segments = folders(of: dispatch) + [name]
        guard segments.reduce(segments.count - 1, { $0 + $1.utf16.count }) <= SharePointName.longestPath else {
            return .failure(
                SharePointStop(
                    .refused(
                        words: "The path of \(name) has more than \(SharePointName.longestPath) characters, which "
                            + "SharePoint doesn't take; shorten sharePoint.path or fileName")))
        }
        return await Result { () async throws(SharePointStop) in
            for isLast in [false, true] {
                let drive = try await library.drive(by: deadline)
                let target = Self.target(segments, drive)
                if keepsSame, let item = try await same(file, at: target, by: deadline) {
                    return stored(item, name, drive, segments)
                }
                let item = await Result { () async throws(SharePointStop) in
                    if file.size <= Self.largestWhole {
                        let body = GraphBody.file(path: file.path, size: file.size, mediaType: file.format.mediaType)
                        return try await putWhole(body, name, at: target, by: deadline, mayBegin: mayBegin)
                    }
                    return try await LargeUpload(
                        library: library, sessions: sessions, file: file, name: name, target: target,
                        deadline: deadline, mayBegin: mayBegin
                    ).run()
                }
                switch item {
                case .success(let item): return stored(try await checked(item, file), name, drive, segments)
                case .failure(let stop) where stop.status == 404 && !isLast:
                    // The library may have been recreated, under another id.
                    library.forget()
                case .failure(let stop):
                    if stop.status == 409 { try await refuseFolder(name, at: target, by: deadline) }
                    throw stop
                }
            }
            throw SharePointStop(.deferred(words: "\(library.site) has no library now", after: nil))
        }
    }

    /// A folder where nothing appears tells nobody that a run failed.
    private func sendNotice(
        _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome {
        let name = SharePointName.one(FolderNotice.name(of: dispatch))
        let body = GraphBody.data(Data(FolderNotice.text(of: dispatch)), "text/plain; charset=utf-8")
        let stored: Result<Stored, SharePointStop> = await Result { () async throws(SharePointStop) in
            let drive = try await library.drive(by: deadline)
            let segments = folders(of: dispatch) + [name]
            let target = Self.target(segments, drive)
            let item = try await putWhole(body, name, at: target, by: deadline, mayBegin: mayBegin)
            return self.stored(item, name, drive, segments)
        }
        switch stored {
        case .success(let notice): return sent([notice], dispatch)
        case .failure(let stop):
            if stop.status == 404 { library.forget() }
            return stop.outcome
        }
    }

    private func sent(_ stored: [Stored], _ dispatch: Dispatch) -> SendOutcome {
        let folder = folders(of: dispatch).joined(separator: "/")
        let names = stored.map(\.name).joined(separator: ", ")
        return .sent(
            id: stored.first?.item.webUrl?.head(bytes: 1024), words: "Stored \(names) in \(folder) of \(library.site)")
    }

    private static func target(_ segments: [String], _ drive: SharePointLibrary.Drive) -> String {
        "/drives/\(PercentEncoding.component(drive.id))/root:/\(PercentEncoding.path(segments))"
    }

    private func putWhole(
        _ body: GraphBody, _ name: String, at target: String, by deadline: ContinuousClock.Instant,
        mayBegin: @escaping @Sendable () -> Bool
    ) async throws(SharePointStop) -> DriveItem {
        let response = try await library.answer(
            .put, "\(target):/content?@microsoft.graph.conflictBehavior=replace",
            body: body, by: deadline,
            mayBegin: mayBegin)
        if response.status == 200 || response.status == 201, let item = DriveItem.read(response.body) { return item }
        throw SharePointStop(
            GraphAnswer(response, server: SharePointLibrary.server, now: library.client.now()), place: library.site,
            name: name)
    }

    private func folders(of dispatch: Dispatch) -> [String] {
        SharePointName.folders(path.segments(of: dispatch.report))
    }

    private func stored(
        _ item: DriveItem, _ name: String, _ drive: SharePointLibrary.Drive, _ segments: [String]
    ) -> Stored {
        Stored(name: name, item: item, contentURL: drive.webUrl.map { "\($0)/\(PercentEncoding.path(segments))" })
    }

    private func checked(_ item: DriveItem, _ file: Dispatch.File) async throws(SharePointStop) -> DriveItem {
        guard case .damaged(let words) = await StoredFileCheck.finding(item, file) else { return item }
        throw SharePointStop(.deferred(words: "\(words); it is sent again", after: SharePointStop.ownPause))
    }

    private func same(
        _ file: Dispatch.File, at target: String, by deadline: ContinuousClock.Instant
    ) async throws(SharePointStop) -> DriveItem? {
        let response = try await library.answer(.get, "\(target)?$select=\(DriveItem.fields)", by: deadline)
        guard response.status == 200, let item = DriveItem.read(response.body) else { return nil }
        return await StoredFileCheck.finding(item, file) == .same ? item : nil
    }

    /// A file can't take the place of a folder, however often it is tried.
    private func refuseFolder(
        _ name: String, at target: String, by deadline: ContinuousClock.Instant
    ) async throws(SharePointStop) {
        let response = try await library.answer(.get, "\(target)?$select=\(DriveItem.fields)", by: deadline)
        guard response.status == 200, DriveItem.read(response.body)?.folder != nil else { return }
        throw SharePointStop(
            .refused(words: "\(library.site) has a folder \(name) where the file belongs; rename or delete it"))
    }
}
