import Foundation
import KubernetesClient
import KubernetesModel
import LoopbackSupport
import Testing

struct LogTests {
    @Test func linesComeAsTheyAreWhereverThePiecesEnd() async throws {
        let server = LoopbackServer { _, _ in
            .init(pieces: ["on", "e\ntw", "o\n", "no newline at the end"].map { Data($0.utf8) })
        }
        let options = LogOptions(
            container: "stage", follow: true, timestamps: true, since: Timestamp(seconds: 0), tailLines: 5)
        let stream = try await KubernetesClient.fixture(server).logs(pod: "p", namespace: "a", options: options)
        var lines: [String] = []
        for try await line in stream { lines.append(line) }
        #expect(lines == ["one", "two", "no newline at the end"])
        #expect(
            server.requests.first?.target == "/api/v1/namespaces/a/pods/p/log?container=stage&follow=true"
                + "&timestamps=true&sinceTime=1970-01-01T00%3A00%3A00Z&tailLines=5")
    }

    @Test func aBrokenConnectionIsAnErrorAndDropsTheUnfinishedLine() async throws {
        let server = LoopbackServer { _, _ in
            .init(pieces: ["whole\n", "half of a li"].map { Data($0.utf8) }, isCutOff: true)
        }
        let stream = try await KubernetesClient.fixture(server).logs(pod: "p", namespace: "a")
        var lines: [String] = []
        let error = await kubernetesError { for try await line in stream { lines.append(line) } }
        #expect(lines == ["whole"])
        #expect(error?.isRetryable == true)
    }

    @Test func aContainerThatHasNotStartedIsAnError() async throws {
        let server = LoopbackServer { _, _ in .status(400, "BadRequest") }
        let error = await kubernetesError {
            try await KubernetesClient.fixture(server).logs(pod: "p", namespace: "a", options: .init(follow: true))
        }
        #expect(error?.code == 400)
    }

    @Test func silenceBeyondTheDeadlineEndsIt() async throws {
        let server = LoopbackServer { _, _ in .init(pieces: [Data("one\n".utf8)], hangs: true) }
        let stream = try await KubernetesClient.fixture(server).logs(
            pod: "p", namespace: "a", options: .init(follow: true, idleDeadline: .milliseconds(200)))
        let error = await kubernetesError { for try await _ in stream {} }
        #expect(error?.isRetryable == true)
    }
}

struct WholeTests {
    @Test func aTableAsksForTheServersColumns() async throws {
        let server = LoopbackServer { _, _ in
            .json(
                #"{"kind":"Table","metadata":{"continue":"next"},"columnDefinitions":[{"name":"Name","type":"string","priority":0}],"#
                    + #""rows":[{"cells":["x"],"object":{"metadata":{"name":"x","namespace":"a"}}}]}"#)
        }
        let table = try await KubernetesClient.fixture(server).table(
            Widget.resourceKind, namespace: "a", options: ListOptions(limit: 5))
        #expect(table.columns.map(\.name) == ["Name"])
        #expect(table.rows.first?.cells == [.string("x")])
        #expect(table.rows.first?.object?.metadata.key == ObjectKey(namespace: "a", name: "x"))
        #expect(table.metadata?.continue == "next")
        let request = try #require(server.requests.first)
        #expect(request.values("Accept") == ["application/json;as=Table;v=v1;g=meta.k8s.io"])
        #expect(request.target == "/apis/example.org/v1/namespaces/a/widgets?limit=5")
    }

    @Test func aWholeObjectKeepsEverything() async throws {
        let server = LoopbackServer { request, _ in .json(request.body.isEmpty ? Widget.json("x") : request.text) }
        let client = KubernetesClient.fixture(server)
        let whole = try await client.whole(Widget.resourceKind, name: "x", namespace: "a")
        #expect(whole["apiVersion"]?.string == "example.org/v1")
        let kind = ResourceKind(group: "authorization.k8s.io", version: "v1", kind: "Review", plural: "reviews")
        let made = try await client.createWhole(kind, manifest: .object(["kind": .string("Review")]), namespace: nil)
        #expect(made["kind"]?.string == "Review")
        #expect(
            server.requests.last?.target == "/apis/authorization.k8s.io/v1/reviews?fieldManager=widget-operator")
    }
}
