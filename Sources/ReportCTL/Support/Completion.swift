import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI

/// Names for a shell to complete. Whatever goes wrong, there are none: a shell has nobody to tell.
enum Completion {
    static let pipelines = CompletionKind.custom { @Sendable words, _, _ async in
        await names(ReportPipeline.resourceKind, words)
    }

    static let requests = CompletionKind.custom { @Sendable words, _, _ async in
        await names(ReportRequest.resourceKind, words)
    }

    static let schedules = CompletionKind.custom { @Sendable words, _, _ async in
        await names(ReportSchedule.resourceKind, words)
    }

    static let namespaces = CompletionKind.custom { @Sendable words, _, _ async in
        await names(
            ResourceKind(group: "", version: "v1", kind: "Namespace", plural: "namespaces"), words, isEverywhere: true)
    }

    /// Those of the kubeconfig; no server is asked.
    static let contexts = CompletionKind.custom { @Sendable words, _, _ in
        let names = try? ClientConfiguration.contexts(
            kubeconfig: value(of: "--kubeconfig", in: words), environment: Program.environment)
        return names ?? []
    }

    private static func value(of options: String..., in words: [String]) -> String? {
        guard let place = words.lastIndex(where: { options.contains($0) }), place + 1 < words.count else { return nil }
        return words[place + 1]
    }

    private static func names(_ kind: ResourceKind, _ words: [String], isEverywhere: Bool = false) async -> [String] {
        var options = ClusterOptions()
        options.kubeconfig = value(of: "--kubeconfig", in: words)
        options.context = value(of: "--context", in: words)
        options.namespace = value(of: "-n", "--namespace", in: words)
        guard let session = try? options.session() else { return [] }
        let table = try? await session.client.table(
            kind, namespace: isEverywhere ? nil : session.namespace,
            options: ListOptions(limit: 500, resourceVersion: "0"))
        return table?.rows.compactMap(\.object?.metadata.name) ?? []
    }
}
