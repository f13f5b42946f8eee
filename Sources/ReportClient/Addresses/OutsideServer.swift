/// A server outside the cluster, and where its address is kept.
package struct OutsideServer: Sendable {
    package let name: String
    /// The variable of the environment that may hold it.
    package let variable: String
    /// The Secret of the installation that holds it, and under which key.
    package let secret: String
    package let key: String

    package init(name: String, variable: String, secret: String, key: String) {
        self.name = name
        self.variable = variable
        self.secret = secret
        self.key = key
    }

    package static let mongodb = OutsideServer(
        name: "MongoDB", variable: "MONGODB_URI", secret: "report-operator-mongodb", key: "uri")
    package static let redis = OutsideServer(
        name: "Redis", variable: "REDIS_URL", secret: "report-operator-redis", key: "url")
}
