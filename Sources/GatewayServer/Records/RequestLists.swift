internal import GatewayAPI
internal import KubernetesModel
internal import NIOCore
internal import ReportRecords
internal import ReportStores

/// Pages of the list of requests, written down, for as long as nothing has changed and a second at most: which past ones
/// there are, and who waits where, may change without the caches' knowing.
struct RequestLists: Sendable {
    /// All that a page depends on: who may see the same and asks for the same is shown the same.
    struct Question: Hashable, Sendable {
        let query: RequestListQuery
        /// Whose they are, where one's own are asked for.
        let person: Person?
        /// The same to the byte: of two people whose names look alike neither is shown the other's.
        let names: [ExactName?]
        /// Of which namespaces live ones are shown; nil: of all.
        let visible: Set<String>?
        let past: Past
        /// That of the caches.
        let state: Int

        init(query: RequestListQuery, person: Person?, visible: Set<String>?, past: Past, state: Int) {
            self.query = query
            self.person = person
            names = [person?.name, person?.email, query.requester].map { $0.map(ExactName.init) }
            self.visible = visible
            self.past = past
            self.state = state
        }
    }

    /// Of which namespaces past ones are shown.
    enum Past: Hashable, Sendable {
        case all
        case only([LiveNamespace])
        case none
        /// The record can't be asked, and why.
        case away(StoreTrouble)
    }

    let pages = Remembered<Question, ByteBuffer>(for: .seconds(1), capacity: 64)
}
