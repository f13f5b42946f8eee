import DeliveryChannels
package import ReportStores

/// Keeps the sign-ins of channels in MongoDB.
package struct StoredSignIns: TokenVault {
    private let store: SignInStore
    private let channelUID: String

    package init(_ store: SignInStore, channelUID: String) {
        self.store = store
        self.channelUID = channelUID
    }

    package func load() async throws -> [UInt8]? { try await store.load(channelUID: channelUID) }

    package func save(_ sealed: [UInt8]) async throws { try await store.save(sealed, channelUID: channelUID) }
}
