import ChannelServers
import DeliveryChannels
import Foundation
import KubernetesModel
import ReportAPI
import Testing

@Suite("SharePoint", .timeLimit(.minutes(5))) struct SharePointSenderTests {
    private func withFile<Value>(
        _ count: Int = 1000, name: String = "trial-balance-0b8f12aa.pdf", format: OutputFormat = .pdf,
        _ body: (Dispatch.File) async throws -> Value
    ) async throws -> Value {
        let file = try Copies.file(Copies.bytes(count), name: name, format: format)
        defer { Copies.remove([file]) }
        return try await body(file)
    }

    // MARK: What arrives

    @Test("A short file goes in one request, to one place, however often it is sent") func short() async throws {
        let fixture = try SharePointFixture()
        try await withFile { file in
            let outcome = await fixture.send([file])
            let path = "\(SharePointFixture.folder)/\(file.name)"
            #expect(
                outcome
                    == .sent(
                        id: "https://example.sharepoint.com/web/\(path)",
                        words: "Stored \(file.name) in \(SharePointFixture.folder) of "
                            + "https://example.sharepoint.com/sites/finance"))
            #expect(await fixture.send([file]) == outcome)
            let state = try await fixture.world.state()
            #expect(state.files.keys.sorted() == [path])
            #expect(state.files[path]?.sha256 == file.sha256 && state.files[path]?.versions == 2)
            let puts = state.log.filter { $0.method == "PUT" }
            #expect(puts.allSatisfy { $0.type == "application/pdf" && $0.length == 1000 })
            #expect(state.log.filter { $0.path.contains("/sites/") }.count == 2, "ids are kept")
            #expect(state.issued == 1)
        }
        #expect(fixture.sender.repeatsHarmlessly)
    }

    @Test("Several files lie side by side") func several() async throws {
        let fixture = try SharePointFixture("a", library: "finance PAPERS")
        try await withFile { pdf in
            try await withFile(2000, name: "t.xlsx", format: .xlsx) { workbook in
                #expect(await fixture.send([pdf, workbook]).words.hasPrefix("Stored \(pdf.name), t.xlsx in a of"))
                let state = try await fixture.world.state()
                #expect(state.files.keys.sorted() == ["a/t.xlsx", "a/\(pdf.name)"])
                #expect(state.log.contains { $0.path.hasPrefix("/v1.0/drives/b%21Fin/") })
            }
        }
    }

    @Test("Names with umlauts, per cent signs, hashes and apostrophes arrive as they are")
    func names() async throws {
        let fixture = try SharePointFixture("100% d'été/#1 & {namespace}")
        try await withFile(name: "Größe #2 100%+.pdf") { file in
            #expect(await fixture.send([file]).isSent)
            let state = try await fixture.world.state()
            #expect(state.files.keys.first == "100% d'été/#1 & finance/Größe #2 100%+.pdf")
        }
        try await withFile(name: "~$x_vti_y.pdf") { file in
            #expect(await fixture.send([file]).isSent)
            let state = try await fixture.world.state()
            #expect(state.files.keys.contains("100% d'été/#1 & finance/_$x-vti_y.pdf"))
        }
        let long = try SharePointFixture(String(repeating: "a", count: 200) + "/" + String(repeating: "b", count: 190))
        try await withFile(name: "0123456789.pdf") { file in
            let outcome = await long.send([file])
            #expect(outcome.isRefused && outcome.words.contains("more than 400 characters"))
        }
    }

    @Test("A workbook that SharePoint writes its properties into counts as whole; a file that is short doesn't")
    func sizes() async throws {
        let fixture = try SharePointFixture()
        try await fixture.world.set(.object(["options": .object(["adds": .integer(4711)])]))
        let workbook = try await withFile(name: "t.xlsx", format: .xlsx) { await fixture.send([$0]) }
        #expect(workbook.isSent)
        let other = try SharePointFixture()
        try await other.world.set(.object(["options": .object(["damages": .integer(1)])]))
        try await withFile { file in
            let outcome = await other.send([file])
            #expect(
                outcome
                    == .deferred(
                        words: "\(file.name) was stored with 999 of its 1000 bytes; it is sent again",
                        after: .seconds(30)))
        }
    }

    @Test("Of a run that failed a text is stored, without what a stage printed") func notices() async throws {
        let fixture = try SharePointFixture()
        let outcome = await fixture.sender.send(
            Copies.one(phase: .failed), by: .now + .seconds(60), mayBegin: { true })
        #expect(outcome.words.hasPrefix("Stored trial-balance-0b8f12aa-failed.txt in \(SharePointFixture.folder) of"))
        let put = try #require(await fixture.world.state().log.last)
        #expect(put.type == "text/plain; charset=utf-8")
        #expect(put.text?.contains("There is no report: the run failed (StageFailed)") == true)
        #expect(put.text?.contains("no route") == false)
    }

    // MARK: Tokens

    @Test("A token that expires midway is asked for anew, once") func expiry() async throws {
        let fixture = try SharePointFixture()
        try await withFile { file in
            #expect(await fixture.send([file]).isSent)
            try await fixture.world.set(.object(["expireTokens": .bool(true)]))
            #expect(await fixture.send([file]).isSent)
            #expect(try await fixture.world.state().issued == 2)
            // And between any two calls.
            try await fixture.world.set(.object(["options": .object(["callsPerToken": .integer(1)])]))
            #expect(await fixture.send([file]).isSent)
        }
        let never = try SharePointFixture()
        try await never.world.fault([
            "method": .string("GET"), "path": .string("/sites/"), "status": .integer(401), "times": .integer(9),
        ])
        let outcome = try await withFile { await never.send([$0]) }
        #expect(outcome.isMisconfigured && outcome.words.contains("a new token isn't taken"))
        #expect(try await never.world.state().issued == 2)
    }

    @Test("A wrong secret is said as Entra ID says it") func wrongSecret() async throws {
        let fixture = try SharePointFixture(secret: "hunter2")
        let outcome = try await withFile { await fixture.send([$0]) }
        #expect(outcome.isMisconfigured && outcome.words.contains("AADSTS7000215"))
        #expect(!outcome.words.contains("hunter2"))
        #expect(await fixture.trial() == .misconfigured(words: outcome.words))
    }

    // MARK: Answers

    @Test(
        "Each answer is what it means",
        arguments: [
            (400, "refused", "Microsoft Graph answered 400 notAllowed: No"), (403, "misconfigured", "role write"),
            (408, "deferred", "408"), (409, "deferred", "409"), (412, "deferred", "412"), (413, "refused", "too large"),
            (423, "deferred", "is open or checked out in SharePoint"), (429, "deferred", "429"),
            (302, "misconfigured", "redirect"), (500, "deferred", "500"), (502, "deferred", "502"),
            (503, "deferred", "503"), (504, "deferred", "504"), (507, "deferred", "free some, or raise its quota"),
        ]) func statuses(status: Int, meaning: String, words: String) async throws
    {
        let fixture = try SharePointFixture()
        let body: JSONValue = .object(["error": .object(["code": .string("notAllowed"), "message": .string("No.")])])
        try await fixture.world.fault([
            "method": .string("PUT"), "path": .string("content"), "status": .integer(Int64(status)), "body": body,
            "headers": .object(["Retry-After": .string("7")]),
        ])
        try await withFile { file in
            let outcome = await fixture.send([file])
            #expect("\(outcome)".hasPrefix(meaning), "\(outcome)")
            #expect(outcome.words.contains(words), "\(outcome)")
            if case .deferred(_, let after) = outcome { #expect(after == .seconds(7)) }
            if outcome.isDeferred { #expect(await fixture.send([file]).isSent) }
        }
    }

    @Test("A folder with the file's name is said") func folder() async throws {
        let fixture = try SharePointFixture()
        for size in [1000, 5_000_000] {
            try await withFile(size) { file in
                try await fixture.world.set(
                    .object(["folders": .array([.string("\(SharePointFixture.folder)/\(file.name)")])]))
                let outcome = await fixture.send([file])
                #expect(outcome.isRefused && outcome.words.contains("has a folder \(file.name)"), "\(outcome)")
            }
        }
    }

    @Test("A broken connection is tried again") func broken() async throws {
        for cut in ["half", "before", "after"] {
            let fixture = try SharePointFixture()
            try await fixture.world.fault([
                "method": .string("PUT"), "path": .string("content"), "cut": .string(cut),
            ])
            try await withFile(300_000) { file in
                #expect(await fixture.send([file]).isDeferred)
                #expect(await fixture.send([file]).isSent)
                let state = try await fixture.world.state()
                #expect(state.files.values.map(\.sha256) == [file.sha256])
            }
        }
    }

    @Test("A library that was made anew is looked for again") func newLibrary() async throws {
        let fixture = try SharePointFixture()
        for (method, size) in [("PUT", 1000), ("POST", 5_000_000)] {
            try await fixture.world.fault([
                "method": .string(method), "path": .string("/root:/"), "status": .integer(404),
            ])
            let outcome = try await withFile(size) { await fixture.send([$0]) }
            #expect(outcome.isSent)
        }
        let state = try await fixture.world.state()
        #expect(state.log.filter { $0.path.contains("/sites/") }.count == 6)
    }

    @Test("Nothing goes out where it may not begin, or no time is left") func mayBegin() async throws {
        let fixture = try SharePointFixture()
        for size in [1000, 5_000_000] {
            try await withFile(size) { file in
                let outcome = await fixture.send([file], mayBegin: { false })
                #expect(outcome == .deferred(words: "Stopped before it was sent", after: nil))
                #expect(await fixture.send([file], within: .zero).isDeferred)
            }
        }
        let state = try await fixture.world.state()
        #expect(state.log.filter { $0.method == "PUT" }.isEmpty)
    }

    // MARK: Trials

    @Test("A trial names the site, the library and the application") func trial() async throws {
        let fixture = try SharePointFixture()
        #expect(
            await fixture.trial()
                == .works(
                    words: "Library Documents of https://example.sharepoint.com/sites/finance can be read as "
                        + "application app; only a file shows whether it may be written"))
        let root = try SharePointFixture(site: "https://example.sharepoint.com/")
        guard case .works(let found) = await root.trial() else { throw CancellationError() }
        #expect(found.hasPrefix("Library Documents of https://example.sharepoint.com can be read"))
        let other = try SharePointFixture(site: "https://example.sharepoint.com/sites/other/")
        guard case .misconfigured(let words) = await other.trial() else { throw CancellationError() }
        #expect(words.contains("https://example.sharepoint.com/sites/other was not found; check sharePoint.site"))
        let library = try SharePointFixture(library: "Nowhere")
        #expect(
            await library.trial()
                == .misconfigured(
                    words: "https://example.sharepoint.com/sites/finance has no library Nowhere; it has Documents, "
                        + "Finance papers. Check sharePoint.library"))
    }

    @Test("A trial says which permission is missing") func permission() async throws {
        let fixture = try SharePointFixture()
        try await fixture.world.fault([
            "method": .string("GET"), "path": .string("/sites/"), "status": .integer(403),
            "body": .object(["error": .object(["code": .string("accessDenied"), "message": .string("Access denied")])]),
        ])
        guard case .misconfigured(let words) = await fixture.trial() else { throw CancellationError() }
        #expect(
            words.hasPrefix("Microsoft Graph answered 403 accessDenied: Access denied. The application may not use"))
        #expect(words.contains("Sites.Selected") && words.contains("role write"))
        try await fixture.world.fault(["method": .string("GET"), "path": .string("/sites/"), "status": .integer(503)])
        guard case .unreachable = await fixture.trial() else { throw CancellationError() }
    }

    @Test("An address that may not be connected to is refused before anything is sent") func address() async throws {
        let fixture = try SharePointFixture(change: { $0.allowPrivateAddresses = nil })
        guard case .misconfigured(let words) = await fixture.trial() else { throw CancellationError() }
        #expect(words.contains("127.0.0.1 is a loopback address") && words.contains("allowPrivateAddresses: true"))
        #expect(try await fixture.world.state().log.isEmpty)
    }

    @Test("Clouds of states have addresses of their own") func clouds() {
        #expect(MicrosoftCloud(siteHost: "example.sharepoint.com") == .global)
        #expect(MicrosoftCloud(siteHost: "example.sharepoint.us").graph == "https://graph.microsoft.us")
        #expect(MicrosoftCloud(siteHost: "example.sharepoint-mil.us").graph == "https://dod-graph.microsoft.us")
        #expect(MicrosoftCloud(siteHost: "example.sharepoint.cn").login == "https://login.chinacloudapi.cn")
    }
}
