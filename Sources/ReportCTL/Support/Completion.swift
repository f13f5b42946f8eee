import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient

/// Names for a shell to complete. Whatever goes wrong, there are none: a shell has nobody to report it to.
enum Completion {
    static let pipelines = CompletionKind.custom { @Sendable words, index, _ async in
        await names(ReportPipeline.resourceKind, TypedWords(words, completing: index))
    }

    static let requests = CompletionKind.custom { @Sendable words, index, _ async in
        await names(ReportRequest.resourceKind, TypedWords(words, completing: index))
    }

    static let schedules = CompletionKind.custom { @Sendable words, index, _ async in
        await names(ReportSchedule.resourceKind, TypedWords(words, completing: index))
    }

    static let channels = CompletionKind.custom { @Sendable words, index, _ async in
        let words = TypedWords(words, completing: index)
        let namespace = words.value(of: "--courier-namespace") ?? CourierOptions.defaultNamespace
        return await names(ReportChannel.resourceKind, words, in: namespace)
    }

    /// Requests and deliveries by their names, and reports by their ids once one is begun: nobody wants to see those.
    static let reports = CompletionKind.custom { @Sendable words, index, _ async in
        let typed = TypedWords(words, completing: index)
        let requests = await objects(ReportRequest.resourceKind, typed)
        let deliveries = await objects(ReportDelivery.resourceKind, typed)
        return reports(
            requests: requests, deliveries: deliveries, begun: words.indices.contains(index) ? words[index] : "")
    }

    static func reports(requests: [ObjectMeta], deliveries: [ObjectMeta], begun: String) -> [String] {
        let names = (requests + deliveries).map(\.name)
        guard !begun.isEmpty, !names.contains(where: { $0.hasPrefix(begun) }) else { return names }
        return requests.map(\.uid)
    }

    static let namespaces = CompletionKind.custom { @Sendable words, index, _ async in
        await names(
            ResourceKind(group: "", version: "v1", kind: "Namespace", plural: "namespaces"),
            TypedWords(words, completing: index), in: nil)
    }

    /// Those of the kubeconfig; no server is asked.
    static let contexts = CompletionKind.custom { @Sendable words, index, _ in
        let names = try? ClientConfiguration.contexts(
            kubeconfig: TypedWords(words, completing: index).value(of: "--kubeconfig"),
            environment: Program.environment)
        return names ?? []
    }

    private static func names(_ kind: ResourceKind, _ words: TypedWords) async -> [String] {
        await objects(kind, words).map(\.name)
    }

    /// `namespace`: nil for what is in none.
    private static func names(_ kind: ResourceKind, _ words: TypedWords, in namespace: String?) async -> [String] {
        guard let session = session(words) else { return [] }
        return await objects(kind, session, namespace).map(\.name)
    }

    private static func objects(_ kind: ResourceKind, _ words: TypedWords) async -> [ObjectMeta] {
        guard let session = session(words) else { return [] }
        return await objects(kind, session, session.namespace)
    }

    private static func session(_ words: TypedWords) -> Session? {
        var options = ClusterOptions()
        options.kubeconfig = words.value(of: "--kubeconfig")
        options.context = words.value(of: "--context")
        options.namespace = words.value(of: "-n", "--namespace")
        return try? options.session()
    }

    private static func objects(_ kind: ResourceKind, _ session: Session, _ namespace: String?) async -> [ObjectMeta] {
        let table = try? await session.cluster.client.table(
            kind, namespace: namespace, options: ListOptions(limit: 500, resourceVersion: "0"))
        return table?.rows.compactMap { $0.object?.metadata } ?? []
    }
}

/// The words of a command line that a shell wants to complete.
struct TypedWords: Sendable {
    private let words: [String]
    /// Which of them is being typed: it means nothing yet.
    private let index: Int

    init(_ words: [String], completing index: Int) {
        self.words = words
        self.index = index
    }

    /// What an option was given: `-n reports`, `-nreports`, `--namespace reports` or `--namespace=reports`.
    func value(of options: String...) -> String? {
        for place in words.indices.reversed() where place != index {
            let word = words[place]
            if options.contains(word) {
                guard words.indices.contains(place + 1), place + 1 != index else { continue }
                return words[place + 1]
            }
            for option in options {
                let start = option.hasPrefix("--") ? option + "=" : option
                if word.hasPrefix(start), word.count > start.count { return String(word.dropFirst(start.count)) }
            }
        }
        return nil
    }
}
