internal import FoundationEssentials
internal import GatewayAPI
internal import GatewayIdentity
internal import Hummingbird
internal import KubernetesClient
internal import KubernetesModel
internal import ReportAPI
internal import ReportClient
internal import ReportRecords
internal import ReportStores
internal import ZoneFiles

/// What every route needs: who may what, what there is, and how to ask for more. Holds nothing that another replica lacks.
struct Gateway: Sendable {
    let authenticator: Authenticator
    let cache: GatewayCache
    /// nil: the gateway has no record to show.
    let records: RecordDesk?
    let lists = RequestLists()
    let namespaces: NamespaceBook
    let reviewer: AccessReviewer
    let clients: CallerClients
    let hub: EventHub
    let zones: ZoneFiles
    /// Where the channels are.
    let courierNamespace: String
    let limiter: RateLimiter

    /// Throws the problem of a caller who may not; `namespace` nil: in all.
    func require(
        _ caller: Caller, _ verb: AccessReview.Verb, _ resource: AccessReview.Resource, in namespace: String?
    ) async throws {
        guard try await reviewer.may(caller, AccessReview(verb, resource, in: namespace)) else {
            throw Problem.forbidden(
                verb: verb.rawValue, resource: resource.rawValue, namespace: namespace, user: caller.user)
        }
    }

    /// As `require`, but doesn't tell whether there is anything.
    func requireSight(
        _ caller: Caller, _ resource: AccessReview.Resource, in namespace: String?, verb: AccessReview.Verb = .get
    ) async throws {
        guard try await reviewer.may(caller, AccessReview(verb, resource, in: namespace)) else {
            throw Problem.notFound
        }
    }

    /// The cluster as that caller sees it and may change it.
    func cluster(_ caller: Caller, _ namespace: String) throws(Problem) -> ReportCluster {
        ReportCluster(client: try clients.client(for: caller), namespace: namespace)
    }

    /// `namespace` nil: in all.
    func rights(of caller: Caller, in namespace: String?) async throws -> RightsView {
        try await reviewer.rights(caller, in: [namespace]).first ?? RightsView.none
    }

    /// Which namespaces the caller may list that in, of those with anything of ours; nil: all.
    func visible(
        _ resource: AccessReview.Resource, _ caller: Caller, only namespace: String?, verb: AccessReview.Verb = .list
    ) async throws -> Set<String>? {
        if let namespace {
            let may = try await reviewer.may(caller, AccessReview(verb, resource, in: namespace))
            return may ? [namespace] : []
        }
        return try await reviewer.namespaces(caller, verb, resource, among: cache.namespaces)
    }
}
