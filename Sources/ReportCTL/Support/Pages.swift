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
            let page = try await ask(session, selector) { client throws(KubernetesError) in
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
            let page = try await ask(session, selector) { client throws(KubernetesError) in
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
            let page = try await ask(session, selector) { client throws(KubernetesError) in
                try await client.list(type, namespace: namespace, options: options)
            }
            items += page.items
            options.continue = page.metadata.continue
        } while options.continue?.isEmpty == false
        return items
    }

    /// As `Session.ask`, where a selector that the server can't read is the fault of who typed it.
    private static func ask<Value>(
        _ session: Session, _ selector: String?,
        _ request: (KubernetesClient) async throws(KubernetesError) -> Value
    ) async throws(Trouble) -> Value {
        let result: Result<Value, KubernetesError>
        do throws(KubernetesError) {
            result = .success(try await request(session.client))
        } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        // Nothing else of a list's query is typed by anybody.
        case .failure(let error) where error.code == 400 && selector != nil:
            throw Trouble(
                "--selector: \"\(selector ?? "")\" is not a label selector: \(error.message)",
                advice: ["for example: -l team=finance,env!=test"], code: .usage)
        case .failure(let error): throw Trouble(error, session: session)
        }
    }
}
