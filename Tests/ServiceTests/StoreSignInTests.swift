import DaemonSupport
import Foundation
import Logging
import LoopbackSupport
import MongoClient
import PrometheusMetrics
import ReportStores
import ServiceSupport
import Testing

/// A password that no longer holds, as courier and gateway find it.
@Suite(.services(.mongodb)) struct StoreSignInTests {
    @Test func aPasswordThatNoLongerHoldsShowsThoughNothingIsAskedOfTheStore() async throws {
        let address = try LiveServices.current.value("MONGODB_ADMIN_URI")
        let admin = MongoClient(try MongoURI(address), options: MongoBench.impatient, logger: MongoBench.logger)
        let user = "sign-in-\(UUID())"
        try await admin.run(
            ["createUser": .string(user), "pwd": "first", "roles": []], in: "admin")
        var parts = try #require(URLComponents(string: address))
        (parts.user, parts.password) = (user, "first")
        let store = try ReportStore(address: try #require(parts.string), logger: MongoBench.logger)
        let registry = MetricsRegistry()
        let name = #"report_courier_store_up{store="mongodb"}"#
        let signIn = StoreSignIn(
            store: store, pause: .milliseconds(20), registry: registry, program: "report_courier",
            logger: MongoBench.logger)
        #expect(!registry.render().contains(name))
        let task = Task { await signIn.run() }
        try await eventually("the password holds") { registry.render().contains(name + " 1") }
        try await admin.run(["updateUser": .string(user), "pwd": "second"], in: "admin")
        try await eventually("it no longer does") { registry.render().contains(name + " 0") }
        try await admin.run(["updateUser": .string(user), "pwd": "first"], in: "admin")
        try await eventually("it does again") { registry.render().contains(name + " 1") }
        task.cancel()
        await task.value
        try await admin.run(["dropUser": .string(user)], in: "admin")
    }
}
