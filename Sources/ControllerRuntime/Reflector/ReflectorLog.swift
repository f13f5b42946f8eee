import KubernetesClient
import KubernetesModel
import Logging

/// What a reflector tells people: every trouble once, when it begins and when it is over, however often it is met.
struct ReflectorLog: Sendable {
    private let logger: Logger
    private let resource: String
    /// The trouble that was told last and isn't over.
    private var trouble: String?
    /// Objects that don't decode and were told.
    private var undecodable: Set<ObjectKey> = []

    init(logger: Logger, name: String, resource: String) {
        var logger = logger
        logger[metadataKey: "reflector"] = "\(name)"
        logger[metadataKey: "resource"] = "\(resource)"
        self.logger = logger
        self.resource = resource
    }

    mutating func met(_ new: ReflectorTrouble, doing verb: String, error: String) {
        if new == .expired {
            // A watch that was away for longer than the server's memory: normal, and a list mends it.
            return logger.debug("The version to go on from has expired", metadata: ["verb": "\(verb)"])
        }
        let key = "\(verb) \(new.reason)"
        guard trouble != key else { return }
        trouble = key
        logger.warning(
            "Can't \(verb) objects; trying again until it works",
            metadata: ["reason": "\(new.reason)", "error": "\(error)", "advice": "\(advice(new))"])
    }

    /// Something came from the server, so whatever was wrong is over.
    mutating func recovered() {
        guard trouble != nil else { return }
        trouble = nil
        logger.info("Resynced after a gap")
    }

    func listed(count: Int, because reason: String) {
        logger.info("Listed objects", metadata: ["count": "\(count)", "because": "\(reason)"])
    }

    func ends(_ setBack: ClusterWasSetBack) {
        logger.critical(
            "The cluster was set back; this process ends and begins anew",
            metadata: ["known": "\(setBack.from)", "now": "\(setBack.to)"])
    }

    mutating func met(_ object: UndecodableObject) {
        guard undecodable.insert(object.key).inserted else { return }
        logger.error(
            "An object doesn't decode; it is left alone until it changes, and the others aren't touched",
            metadata: [
                "key": "\(object.key)", "uid": "\(object.uid)", "resourceVersion": "\(object.resourceVersion)",
                "error": "\(object.message)",
            ])
    }

    func shrank(pageSize: Int) {
        logger.info(
            "Objects are large: listing fewer at once",
            metadata: ["page": "\(pageSize)", "bytes": "\(PageSize.byteLimit)"])
    }

    mutating func decoded(_ key: ObjectKey) {
        if !undecodable.isEmpty { undecodable.remove(key) }
    }

    /// After a list, only what it held can still be undecodable.
    mutating func keepUndecodable(_ keys: some Sequence<ObjectKey>) {
        if !undecodable.isEmpty { undecodable.formIntersection(keys) }
    }

    private func advice(_ trouble: ReflectorTrouble) -> String {
        switch trouble {
        case .notFound: "the API server doesn't know \(resource): apply its CRD; nothing has to be restarted"
        case .forbidden: "allow its service account to get, list and watch \(resource)"
        case .unauthorized: "check its credentials: the API server doesn't accept them"
        case .unreachable, .silent: "check that the API server runs and that the network and its certificate allow it"
        case .throttled, .serverError, .versionTooLarge, .expired:
            "the API server is busy or starting; look there if it lasts"
        case .unreadable: "something between here and the API server answers in its place, or cuts its answers"
        case .rejected: "the API server doesn't want this request: its version may not fit"
        }
    }
}
