import AsyncSupport
import FoundationEssentials
import HTTPTransport
import KubernetesModel
import Synchronization

/// Uploads one file in pieces by a session, and goes on after a break where the server says.
///
/// Source: Microsoft, "driveItem: createUploadSession". The address that a session gives holds its own permission, so
/// no token goes there, and it is never shown.
struct LargeUpload {
    /// A multiple of 320 KiB, as is every piece but the last.
    static let pieceLength = 16 * 320 << 10
    /// How many times in a row nothing may get through, and how many sessions are begun, before it waits for the next
    /// try.
    static let patience = 3

    private struct Opened: Decodable {
        var uploadUrl: String
    }

    private struct Progress: Decodable {
        var nextExpectedRanges: [String]?
    }

    private enum Step {
        /// The piece that is wanted next.
        case wanted(Range<Int>)
        case finished(DriveItem)
        /// The session isn't known: it has expired, or all has arrived.
        case gone
        /// Nobody knows what arrived.
        case broken(SharePointStop)
    }

    let library: SharePointLibrary
    let sessions: UploadSessions
    let file: Dispatch.File
    /// As SharePoint has it.
    let name: String
    /// `/drives/…/root:/…`, without the colon at its end.
    let target: String
    let deadline: ContinuousClock.Instant
    let mayBegin: @Sendable () -> Bool

    private var key: String { "\(target) \(file.sha256)" }
    private var first: Range<Int> { 0..<min(file.size, Self.pieceLength) }

    func run() async throws(SharePointStop) -> DriveItem {
        var (stalls, begun) = (0, 0)
        var address = sessions[key]
        var step = Step.wanted(first)
        if let address { step = try await state(of: address) }
        while true {
            switch step {
            case .finished(let item):
                sessions[key] = nil
                return item
            case .gone:
                sessions[key] = nil
                address = nil
                if let item = try await arrived() { return item }
                step = .wanted(first)
            case .broken(let stop):
                stalls += 1
                guard stalls < Self.patience, !Task.isCancelled, mayBegin(), let open = address else { throw stop }
                // Nothing is known but what the server says; where it can't be asked, the next try asks.
                step = try await state(of: open)
            case .wanted(let range):
                if address == nil {
                    begun += 1
                    guard begun <= Self.patience else {
                        throw SharePointStop(
                            .deferred(words: "SharePoint ended the upload of \(name) again and again", after: nil))
                    }
                    address = try await begin()
                    sessions[key] = address
                }
                guard let open = address else { continue }
                step = try await put(range, to: open)
                guard case .wanted(let next) = step else { continue }
                if next.lowerBound > range.lowerBound {
                    stalls = 0
                } else {
                    stalls += 1
                    guard stalls < Self.patience else {
                        throw SharePointStop(
                            .deferred(words: "SharePoint takes no more of \(name) for now", after: nil))
                    }
                }
            }
        }
    }

    // MARK: One call each

    private func begin() async throws(SharePointStop) -> String {
        let item = JSONValue.object(["@microsoft.graph.conflictBehavior": .string("replace")])
        let response = try await library.answer(
            .post, "\(target):/createUploadSession",
            body: .data(Data(JSONValue.object(["item": item]).jsonText), "application/json"), by: deadline,
            mayBegin: mayBegin)
        guard response.status == 200 || response.status == 201 else {
            throw SharePointStop(
                GraphAnswer(response, server: SharePointLibrary.server, now: library.client.now()),
                place: library.site, name: name)
        }
        let address = (try? JSONDecoder().decode(Opened.self, from: response.body))?.uploadUrl ?? ""
        guard address.hasPrefix("https://"), address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw SharePointStop(
                .refused(words: "Microsoft Graph named an address for the upload that is not https; nothing was sent"))
        }
        return address
    }

    private func put(_ range: Range<Int>, to address: String) async throws(SharePointStop) -> Step {
        var request = HTTPRequest(method: .put, url: address, bodyLimit: GraphClient.bodyLimit)
        request.headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
        request.body = Data()
        request.bodySegments = [.file(path: file.path, offset: range.lowerBound, size: range.count)]
        request.mayBegin = mayBegin
        let answer = await sent(request)
        switch answer {
        case .failure(let stop):
            guard case .deferred = stop.outcome else { throw stop }
            return .broken(stop)
        case .success(let response):
            switch response.status {
            case 200, 201:
                return DriveItem.read(response.body).map(Step.finished) ?? .gone
            case 202: return wanted(response)
            // It has this piece already, or lacks one before it.
            case 416: return try await state(of: address)
            case 401, 404, 410: return .gone
            default: throw stop(response)
            }
        }
    }

    /// What the session lacks.
    private func state(of address: String) async throws(SharePointStop) -> Step {
        let response = try await sent(HTTPRequest(url: address, bodyLimit: GraphClient.bodyLimit)).get()
        switch response.status {
        case 200, 202: return wanted(response)
        case 401, 404, 410: return .gone
        default: throw stop(response)
        }
    }

    private func wanted(_ response: HTTPResponse) -> Step {
        let ranges = (try? JSONDecoder().decode(Progress.self, from: response.body))?.nextExpectedRanges ?? []
        guard let text = ranges.first else { return .gone }
        let ends = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map {
            Int(Substring($0))
        }
        guard let start = ends.first ?? nil, start >= 0, start < file.size else { return .gone }
        let end = (ends.count > 1 ? ends[1] : nil).map { min(max($0, start) + 1, file.size) } ?? file.size
        return .wanted(start..<min(end, start + Self.pieceLength))
    }

    /// The file, where it is already there as it should be: its last piece arrived, and the answer was lost.
    private func arrived() async throws(SharePointStop) -> DriveItem? {
        let response = try await library.answer(.get, "\(target)?$select=\(DriveItem.fields)", by: deadline)
        guard response.status == 200, let item = DriveItem.read(response.body) else { return nil }
        return await StoredFileCheck.finding(item, file) == .same ? item : nil
    }

    private func sent(_ request: HTTPRequest) async -> Result<HTTPResponse, SharePointStop> {
        let response = await Result { () async throws(GraphFault) in
            try await GraphClient.send(request, over: library.client.transport, by: deadline)
        }
        return response.mapError { SharePointStop($0, server: "SharePoint's upload") }
    }

    private func stop(_ response: HTTPResponse) -> SharePointStop {
        let answer = GraphAnswer(response, server: "SharePoint's upload", now: library.client.now())
        // What was there already at the end is there at the end of the same session again.
        if !answer.mayPass || answer.status == 409 { sessions[key] = nil }
        return SharePointStop(answer, place: library.site, name: name)
    }
}

/// The addresses of uploads that were begun, so that the next try goes on where the last one broke off.
final class UploadSessions: Sendable {
    private static let most = 64
    private let addresses = Mutex<[String: String]>([:])

    subscript(key: String) -> String? {
        get { addresses.withLock { $0[key] } }
        set {
            addresses.withLock { addresses in
                // What is forgotten begins anew.
                if addresses.count >= Self.most, addresses[key] == nil { addresses = [:] }
                addresses[key] = newValue
            }
        }
    }
}
