import DeliveryChannels
package import ReportStores

/// Keeps the sign-ins of channels in MongoDB.
package struct StoredSignIns: TokenVault {
    private let store: SignInStore

    package init(_ store: SignInStore) { self.store = store }

    package func load(channel: String) async throws -> [UInt8]? { try await store.load(channel: channel) }

    package func save(_ sealed: [UInt8], channel: String) async throws {
        try await store.save(sealed, channel: channel)
    }
}
