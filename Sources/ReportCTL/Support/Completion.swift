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

    static let namespaces = CompletionKind.custom { @Sendable words, index, _ async in
        await names(
            ResourceKind(group: "", version: "v1", kind: "Namespace", plural: "namespaces"),
            TypedWords(words, completing: index), isEverywhere: true)
    }

    /// Those of the kubeconfig; no server is asked.
    static let contexts = CompletionKind.custom { @Sendable words, index, _ in
        let names = try? ClientConfiguration.contexts(
            kubeconfig: TypedWords(words, completing: index).value(of: "--kubeconfig"),
            environment: Program.environment)
        return names ?? []
    }

    private static func names(_ kind: ResourceKind, _ words: TypedWords, isEverywhere: Bool = false) async -> [String] {
        var options = ClusterOptions()
        options.kubeconfig = words.value(of: "--kubeconfig")
        options.context = words.value(of: "--context")
        options.namespace = words.value(of: "-n", "--namespace")
        guard let session = try? options.session() else { return [] }
        let table = try? await session.cluster.client.table(
            kind, namespace: isEverywhere ? nil : session.namespace,
            options: ListOptions(limit: 500, resourceVersion: "0"))
        return table?.rows.compactMap(\.object?.metadata.name) ?? []
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
