import Foundation
import HTTPTransport
import Testing

@testable import KubernetesClient

/// Where the configuration is looked for, and in which order.
struct ConfigurationSourceTests {
    private let folder = TemporaryFolder()

    private func load(
        kubeconfig: String? = nil, context: String? = nil, _ environment: [String: String] = [:]
    ) throws(ConfigurationError) -> ClientConfiguration {
        try .load(
            kubeconfig: kubeconfig, context: context, environment: ["HOME": folder.path].merging(environment) { $1 },
            root: folder.path)
    }

    private func write(_ name: String, server: String, user: String = "token: t", current: Bool = true) -> String {
        folder.write(
            name,
            """
            \(current ? "current-context: \(server)" : "")
            clusters: [{name: shared, cluster: {server: "https://\(server)"}}]
            users: [{name: shared, user: {\(user)}}]
            contexts: [{name: "\(server)", context: {cluster: shared, user: shared}}]
            """)
    }

    private func mountServiceAccount() {
        let mount = String(ServiceAccount.folder.dropFirst())
        folder.write("\(mount)/token", "t\n")
        folder.write("\(mount)/ca.crt", "CA")
        folder.write("\(mount)/namespace", " team-a\n")
    }

    private let pod = ["KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"]

    @Test func eachSourceStandsAboveTheNext() throws {
        let explicit = write("explicit", server: "explicit")
        let list = write("list", server: "list")
        _ = write(".kube/config", server: "home")
        mountServiceAccount()
        var environment = pod
        environment["KUBECONFIG"] = list
        #expect(try load(kubeconfig: explicit, environment).server == "https://explicit")
        #expect(try load(environment).server == "https://list")
        #expect(try load(pod).server == "https://10.0.0.1:443")
        #expect(try load().server == "https://home")
        // A service account has no contexts.
        #expect(try load(context: "home", pod).server == "https://home")
    }

    @Test func aNamedFileMustBeThere() {
        _ = write(".kube/config", server: "home")
        #expect(throws: ConfigurationError("The file can't be read", file: folder.path + "/none")) {
            try load(kubeconfig: folder.path + "/none")
        }
    }

    @Test func contextsAreThoseOfTheFilesThatWouldBeRead() throws {
        let (one, two) = (write("one", server: "one"), write("two", server: "two"))
        _ = write(".kube/config", server: "home")
        let home = ["HOME": folder.path]
        let list = home.merging(["KUBECONFIG": "\(two):\(folder.path)/none:\(one)"]) { $1 }
        #expect(try ClientConfiguration.contexts(environment: list) == ["one", "two"])
        #expect(try ClientConfiguration.contexts(kubeconfig: two, environment: list) == ["two"])
        #expect(try ClientConfiguration.contexts(environment: home) == ["home"])
        #expect(throws: ConfigurationError.self) { try ClientConfiguration.contexts(environment: ["HOME": "/no/such"]) }
    }

    @Test func theFirstFileOfAListWinsWholly() throws {
        folder.write("one/token", "x")
        let one = write("one/config", server: "one", user: "tokenFile: token", current: false)
        let two = write("two/config", server: "two", user: "username: u")
        let list = ["", folder.path + "/none", one, two, one].joined(separator: ":")
        let found = try load(["KUBECONFIG": list])
        #expect(found.contextName == "two")
        #expect(found.server == "https://one")
        #expect(found.authentication == .tokenFile(folder.path + "/one/token", initial: nil))
        #expect(try load(context: "one", ["KUBECONFIG": list]).contextName == "one")
    }

    @Test func brokenFilesOfAListAreAllNamed() {
        let one = folder.write("one", "a: [")
        let two = folder.write("two", "clusters: 3")
        let error = #expect(throws: ConfigurationError.self) { try load(["KUBECONFIG": "\(one):\(two)"]) }
        #expect(error?.description.contains("/one:") == true && error?.description.contains("/two:1:11") == true)
    }

    @Test func aListOfNothingFallsBackToThePodAlone() throws {
        _ = write(".kube/config", server: "home")
        let environment = ["KUBECONFIG": folder.path + "/none"]
        #expect(throws: ConfigurationError.self) { try load(environment) }
        mountServiceAccount()
        let found = try load(environment.merging(pod) { $1 })
        #expect(found.server == "https://10.0.0.1:443")
        #expect(found.warnings.contains { $0.contains("KUBECONFIG names no file") })
    }

    @Test func thePodsServiceAccountIsReadWhole() throws {
        mountServiceAccount()
        let found = try load(pod)
        let mount = folder.path + ServiceAccount.folder
        #expect(found.authentication == .tokenFile("\(mount)/token", initial: nil))
        #expect(found.certificateAuthority == .file("\(mount)/ca.crt"))
        #expect(found.namespace == "team-a")
        #expect(found.contextName == nil)
        #expect(try load(pod.merging(["POD_NAMESPACE": "team-b"]) { $1 }).namespace == "team-b")
        #expect(
            try load(pod.merging(["KUBERNETES_SERVICE_HOST": "fd00::1"]) { $1 }).server == "https://[fd00::1]:443")
    }

    @Test func aMissingAuthorityIsAWarning() throws {
        folder.write(String(ServiceAccount.folder.dropFirst()) + "/token", "t")
        let found = try load(pod)
        #expect(found.certificateAuthority == nil && found.warnings.count == 1)
        #expect(found.namespace == "default")
    }

    @Test func nothingAtAllSaysWhatWasTried() {
        let error = #expect(throws: ConfigurationError.self) { try load(pod) }
        for part in ["--kubeconfig", "KUBECONFIG", ServiceAccount.folder + "/token can't be read", "/.kube/config"] {
            #expect(error?.description.contains(part) == true)
        }
    }
}
