import KubernetesClient
import KubernetesModel

/// Lists from their first page to their last.
enum Pages {
    static func table(
        _ kind: ResourceKind, namespace: String?, selector: String? = nil, session: Session
    ) async throws -> [ResourceTable] {
        var options = ListOptions(labelSelector: selector, limit: 500)
        var pages: [ResourceTable] = []
        repeat {
            let page = try await session.ask { client throws(KubernetesError) in
                try await client.table(kind, namespace: namespace, options: options)
            }
            options.continue = page.metadata?.continue
            pages.append(page)
        } while options.continue?.isEmpty == false
        return pages
    }

    /// A `List` with every item, as `kubectl get -o json` has it.
    static func whole(
        _ kind: ResourceKind, namespace: String?, selector: String? = nil, session: Session
    ) async throws -> JSONValue {
        var options = ListOptions(labelSelector: selector, limit: 500)
        var items: [JSONValue] = []
        repeat {
            let page = try await session.ask { client throws(KubernetesError) in
                try await client.wholeList(kind, namespace: namespace, options: options)
            }
            items += page["items"]?.array ?? []
            options.continue = page["metadata"]?["continue"]?.string
        } while options.continue?.isEmpty == false
        return .object([
            "apiVersion": .string("v1"), "kind": .string("List"), "items": .array(items.map(\.withoutManagedFields)),
        ])
    }

    static func items<Resource: KubernetesResource>(
        _ type: Resource.Type, namespace: String?, selector: String? = nil, session: Session
    ) async throws -> [Resource] {
        var options = ListOptions(labelSelector: selector, limit: 500)
        var items: [Resource] = []
        repeat {
            let page = try await session.ask { client throws(KubernetesError) in
                try await client.list(type, namespace: namespace, options: options)
            }
            items += page.items
            options.continue = page.metadata.continue
        } while options.continue?.isEmpty == false
        return items
    }
}
