import Synchronization

/// The addresses of uploads that were begun, so that the next try goes on where the last one broke off.
final class UploadSessions: Sendable {
    private static let most = 64
    private let addresses = Mutex<[String: String]>([:])

    subscript(key: String) -> String? {
        get { addresses.withLock { $0[key] } }
        set {
            addresses.withLock { addresses in
                // What is forgotten begins anew.
                if addresses.count >= Self.most, addresses[key] == nil { addresses = [:] }
                addresses[key] = newValue
            }
        }
    }
}
