/// A server outside the cluster, and where its address is kept.
public struct OutsideServer: Sendable {
    public let name: String
    /// The variable of the environment that may hold it.
    public let variable: String
    /// The Secret of the installation that holds it, and under which key.
    public let secret: String
    public let key: String

    public init(name: String, variable: String, secret: String, key: String) {
        self.name = name
        self.variable = variable
        self.secret = secret
        self.key = key
    }

    public static let mongodb = OutsideServer(
        name: "MongoDB", variable: "MONGODB_URI", secret: "report-operator-mongodb", key: "uri")
    public static let redis = OutsideServer(
        name: "Redis", variable: "REDIS_URL", secret: "report-operator-redis", key: "url")
}
