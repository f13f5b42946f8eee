import AsyncSupport
import Foundation
import KubernetesClient
import KubernetesModel
import Logging
import LoopbackSupport
import Synchronization
import Testing

struct VerbTests {
    @Test func getAsksForOneObjectByItsPath() async throws {
        let server = LoopbackServer { _, _ in .json(Widget.json("x", size: "3")) }
        let widget = try await KubernetesClient.fixture(server).get(Widget.self, name: "x", namespace: "a")
        #expect(widget.spec?.size == 3)
        #expect(widget.metadata.uid == "u-x")
        let request = try #require(server.requests.first)
        #expect(request.method == "GET")
        #expect(request.target == "/apis/example.org/v1/namespaces/a/widgets/x")
        #expect(request.header("Accept") == "application/json")
        #expect(request.header("User-Agent") == "widget-operator/1.0")
        #expect(request.header("Authorization") == nil)
    }

    @Test func coreGroupHasAPathOfItsOwnAndThePrefixStays() async throws {
        let server = LoopbackServer { _, _ in .json(#"{"metadata":{"name":"p"}}"#) }
        let client = KubernetesClient.fixture(server) { $0.server += "/k8s/clusters/c-1/" }
        _ = try await client.get(Pod.self, name: "p", namespace: "a")
        #expect(server.requests.first?.target == "/k8s/clusters/c-1/api/v1/namespaces/a/pods/p")
    }

    @Test func namesAndSelectorsAreEscaped() async throws {
        let server = LoopbackServer { _, _ in .json(#"{"metadata":{},"items":null}"#) }
        let client = KubernetesClient.fixture(server)
        let options = ListOptions(labelSelector: "a/b in (c,d),!e", fieldSelector: "metadata.name=ü", limit: 5)
        _ = try await client.list(Widget.self, namespace: nil, options: options)
        #expect(
            server.requests.first?.target
                == "/apis/example.org/v1/widgets?labelSelector=a%2Fb%20in%20%28c%2Cd%29%2C%21e"
                + "&fieldSelector=metadata.name%3D%C3%BC&limit=5")
        _ = await kubernetesError {
            try await client.get(Widget.self, name: "x?y", namespace: "a")
        }
        #expect(server.requests.last?.target == "/apis/example.org/v1/namespaces/a/widgets/x%3Fy")
    }

    /// A server decodes a path before it looks, so that such a name would be another path: of a subresource, of another kind.
    @Test(arguments: ["../x", "x/status", "..", ".", "", "x%2Fy"])
    func whatNoObjectCanBeCalledIsNotAskedFor(name: String) async throws {
        let server = LoopbackServer { _, _ in .json(Widget.json("x", size: "3")) }
        let client = KubernetesClient.fixture(server)
        let error = await kubernetesError { try await client.get(Widget.self, name: name, namespace: "a") }
        #expect(error?.isNotFound == true)
        #expect(error?.message == "no object can be called \"\(name)\"")
        let other = await kubernetesError { try await client.get(Widget.self, name: "x", namespace: name) }
        #expect(other?.isNotFound == true)
        #expect(server.requests.isEmpty)
    }

    @Test func aContinuedListNamesNoVersion() async throws {
        let server = LoopbackServer { _, _ in
            .json(#"{"metadata":{"resourceVersion":"9","continue":"next","remainingItemCount":7},"items":[]}"#)
        }
        let client = KubernetesClient.fixture(server)
        var options = ListOptions(limit: 2, resourceVersion: "5", resourceVersionMatch: .notOlderThan)
        let page = try await client.list(Widget.self, namespace: "a", options: options)
        #expect(page.metadata.continue == "next")
        #expect(page.metadata.resourceVersion == "9")
        options.continue = page.metadata.continue
        _ = try await client.list(Widget.self, namespace: "a", options: options)
        let path = "/apis/example.org/v1/namespaces/a/widgets"
        #expect(
            server.requests.map(\.target) == [
                "\(path)?limit=2&resourceVersion=5&resourceVersionMatch=NotOlderThan",
                "\(path)?limit=2&continue=next",
            ])
    }

    @Test func oneBadItemDoesNotSpoilAList() async throws {
        let items = [Widget.json("a"), Widget.json("b", version: "7", size: #""secret""#), "{}", Widget.json("c")]
        let server = LoopbackServer { _, _ in
            .json(#"{"metadata":{"resourceVersion":"9"},"items":[\#(items.joined(separator: ","))]}"#)
        }
        let page = try await KubernetesClient.fixture(server).list(Widget.self, namespace: "a")
        #expect(page.items.map(\.metadata.name) == ["a", "c"])
        #expect(page.undecodable.map(\.name) == ["b", ""])
        let bad = try #require(page.undecodable.first)
        #expect(bad.namespace == "a" && bad.uid == "u-b" && bad.resourceVersion == "7")
        #expect(bad.message.contains("spec.size") && !bad.message.contains("secret"))
    }

    /// As an API server gives back what it took, 600 deep.
    @Test func anItemOfAnyDepthDoesNotSpoilAList() async throws {
        let deep = String(repeating: #"{"a":"#, count: 600) + "1" + String(repeating: "}", count: 600)
        let item = #"{"spec":{"p":\#(deep)},"metadata":{"name":"deep","namespace":"a","managedFields":[\#(deep)]}}"#
        let server = LoopbackServer { _, _ in
            .json(#"{"metadata":{"resourceVersion":"9"},"items":[\#(item),\#(Widget.json("c"))]}"#)
        }
        let client = KubernetesClient.fixture(server)
        let page = try await client.list(Widget.self, namespace: "a")
        #expect((page.items.map(\.metadata.name) + page.undecodable.map(\.name)).sorted() == ["c", "deep"])
        let whole = try await client.wholeList(Widget.resourceKind, namespace: "a")
        #expect(whole["items"]?.array?.map { $0["metadata"]?["name"]?.string } == ["deep", "c"])
    }

    @Test func anAnswerBeyondTheLimitIsToldApart() async throws {
        let server = LoopbackServer { _, _ in .json(#"{"items":["\#(String(repeating: "x", count: 5000))"]}"#) }
        let client = KubernetesClient.fixture(server)
        let options = ListOptions(byteLimit: 4000)
        let error = await kubernetesError { try await client.list(Widget.self, namespace: "a", options: options) }
        #expect(error?.isAnswerTooLarge == true && error?.isRetryable == false)
        #expect(server.requests.count == 1)
    }

    /// A namespace's users may fill it with large objects under any label.
    @Test func everyObjectIsReadThoughAPageOfThemIsTooLarge() async throws {
        #expect(PageSize.byteLimit == 16 << 20)
        let padding = String(repeating: "x", count: 5 << 20)
        let server = LoopbackServer { request, _ in
            let query = URLComponents(string: request.target)?.queryItems ?? []
            func value(_ name: String) -> Int? { query.first { $0.name == name }?.value.flatMap { Int($0) } }
            let (first, limit) = (value("continue") ?? 0, value("limit") ?? 8)
            let last = min(first + limit, 8)
            let items = (first..<last).map { #"{"padding":"\#(padding)","# + Widget.json("w\($0)").dropFirst() }
            let next = last < 8 ? #""continue":"\#(last)","# : ""
            return .json(#"{"metadata":{\#(next)"resourceVersion":"9"},"items":[\#(items.joined(separator: ","))]}"#)
        }
        let client = KubernetesClient.fixture(server)
        let all = try await client.listAll(Widget.self, namespace: "a", labelSelector: "a=b", pageSize: 8) {
            $0.metadata.name == "w3" ? nil : $0.metadata.name
        }
        #expect(all.kept == ["w0", "w1", "w2", "w4", "w5", "w6", "w7"] && all.undecodable.isEmpty)
        let asked = server.requests.map { $0.target.split(separator: "?").last.map(String.init) ?? "" }
        #expect(
            asked == ["labelSelector=a%3Db&limit=8"]
                + [0, 2, 4, 6].map {
                    "labelSelector=a%3Db&limit=2" + ($0 == 0 ? "" : "&continue=\($0)")
                })
    }

    /// The server keeps a list's version for some minutes only.
    @Test(arguments: [1, 2]) func aListThatHasExpiredIsReadOnceMoreFromItsBeginning(expiries: Int) async throws {
        let left = Mutex(expiries)
        let server = LoopbackServer { request, _ in
            guard request.target.contains("continue=") else {
                return .json(#"{"metadata":{"continue":"next"},"items":[\#(Widget.json("a"))]}"#)
            }
            let isOld = left.withLock { left in
                left -= 1
                return left >= 0
            }
            return isOld ? .status(410, "Expired") : .json(#"{"metadata":{},"items":[\#(Widget.json("b"))]}"#)
        }
        let client = KubernetesClient.fixture(server)
        let names = await Result { () async throws(KubernetesError) in
            try await client.listAll(Widget.self, namespace: "a") { $0.metadata.name }.kept
        }
        switch names {
        case .success(let names): #expect(expiries == 1 && names == ["a", "b"])
        case .failure(let error): #expect(expiries == 2 && error.isExpired)
        }
        #expect(server.requests.count == 4)
    }

    @Test func createPostsTheManifestUnderOurName() async throws {
        let server = LoopbackServer { request, _ in .json(request.text, status: 201) }
        let manifest: JSONValue = .object(["metadata": .object(["name": .string("x/y")])])
        let made = try await KubernetesClient.fixture(server).create(Widget.self, manifest: manifest, namespace: "a")
        #expect(made.metadata.name == "x/y")
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/apis/example.org/v1/namespaces/a/widgets?fieldManager=widget-operator")
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.text == #"{"metadata":{"name":"x/y"}}"#)
    }

    @Test func patchMergesIntoTheStatus() async throws {
        let server = LoopbackServer { _, _ in .json(Widget.json("x")) }
        let client = KubernetesClient.fixture(server)
        let change: JSONValue = .object(["status": .object(["phase": .null])])
        _ = try await client.patch(Widget.self, name: "x", namespace: "a", merge: change, subresource: .status)
        let request = try #require(server.requests.first)
        #expect(request.method == "PATCH")
        #expect(
            request.target == "/apis/example.org/v1/namespaces/a/widgets/x/status?fieldManager=widget-operator")
        #expect(request.header("Content-Type") == "application/merge-patch+json")
        #expect(request.text == #"{"status":{"phase":null}}"#)
    }

    @Test func whoMayNotWriteReadsAndSendsNoWrite() async throws {
        let server = LoopbackServer { _, _ in .json(Widget.json("x", size: "3")) }
        let client = KubernetesClient.fixture(server).writing { false }
        let writes: [() async throws -> Void] = [
            { _ = try await client.create(Widget.self, manifest: JSONValue.object([:]), namespace: "a") },
            { _ = try await client.createWhole(Widget.resourceKind, manifest: .object([:]), namespace: "a") },
            { _ = try await client.patch(Widget.self, name: "x", namespace: "a", merge: JSONValue.object([:])) },
            {
                try await client.delete(
                    Widget.self, name: "x", namespace: "a", options: DeleteOptions(propagation: .background))
            },
        ]
        for write in writes { #expect(await kubernetesError(write)?.isCancelled == true) }
        #expect(server.requests.isEmpty)
        #expect(try await client.get(Widget.self, name: "x", namespace: "a").metadata.name == "x")
    }

    @Test func deleteSaysWhatBecomesOfDependents() async throws {
        let server = LoopbackServer { _, _ in .json(#"{"kind":"Status","status":"Success"}"#) }
        let client = KubernetesClient.fixture(server)
        let options = DeleteOptions(propagation: .background, uid: "u")
        try await client.delete(Widget.self, name: "x", namespace: "a", options: options)
        let request = try #require(server.requests.first)
        #expect(request.method == "DELETE")
        for part in [#""propagationPolicy":"Background""#, #""preconditions":{"uid":"u"}"#, #""kind":"DeleteOptions""#]
        {
            #expect(request.text.contains(part))
        }
    }

    @Test func impersonationIsSent() async throws {
        let server = LoopbackServer { _, _ in .json(Widget.json("x")) }
        let client = KubernetesClient.fixture(server) {
            $0.impersonation = .init(user: "jane", uid: "7", groups: ["g", "h"], extra: ["example.org/a b": ["v"]])
        }
        _ = try await client.get(Widget.self, name: "x", namespace: "a")
        let request = try #require(server.requests.first)
        #expect(request.header("Impersonate-User") == "jane")
        #expect(request.header("Impersonate-Uid") == "7")
        #expect(request.values("Impersonate-Group") == ["g", "h"])
        #expect(request.header("Impersonate-Extra-example.org%2Fa%20b") == "v")
    }

    @Test func discoveryKnowsWhatIsNotServed() async throws {
        let server = LoopbackServer { request, _ in
            switch request.target {
            case "/apis/example.org":
                .json(
                    #"{"versions":[{"version":"v1beta1"},{"version":"v1"}],"preferredVersion":{"version":"v1"}}"#)
            case "/apis/example.org/v1":
                .json(#"{"resources":[{"name":"widgets","kind":"Widget","namespaced":true,"verbs":["get"]}]}"#)
            case "/version": .json(#"{"major":"1","minor":"35","gitVersion":"v1.35.2"}"#)
            default: Reply(status: 404, pieces: [])
            }
        }
        let client = KubernetesClient.fixture(server)
        #expect(try await client.servedVersions(ofGroup: "example.org") == ["v1", "v1beta1"])
        #expect(try await client.servedVersions(ofGroup: "other.org") == [])
        #expect(try await client.servedResources(group: "example.org", version: "v1").map(\.name) == ["widgets"])
        #expect(try await client.servedResources(group: "example.org", version: "v2") == [])
        #expect(try await client.serverVersion().gitVersion == "v1.35.2")
    }

    private typealias Reply = LoopbackServer.Reply

    @Test func everyAttemptIsReported() async throws {
        final class Observer: RequestObserver {
            let seen = Recorder<String>()

            func requestFinished(verb: String, resource: String, code: Int?, duration: Duration) {
                seen.append("\(verb) \(resource) \(code ?? 0) \(duration > .zero)")
            }

            func requestRetried(verb: String, resource: String, code: Int?) { seen.append("again") }
        }
        let server = LoopbackServer { _, number in
            number == 1 ? .status(429, "TooManyRequests", headers: "Retry-After: 1\r\n") : .json(Widget.json("x"))
        }
        let observer = Observer()
        let client = KubernetesClient.fixture(server, observer: observer)
        _ = try await client.get(Widget.self, name: "x", namespace: "a")
        #expect(observer.seen.all == ["get widgets.example.org 429 true", "again", "get widgets.example.org 200 true"])
    }
}
