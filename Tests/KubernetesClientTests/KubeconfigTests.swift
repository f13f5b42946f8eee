import Foundation
import HTTPTransport
import Testing

@testable import KubernetesClient

struct KubeconfigTests {
    private let folder = TemporaryFolder()

    /// A file with one cluster, user and context, all called `x`.
    private func config(
        cluster: String = "server: https://h:6443", user: String = "token: t", context: String = "cluster: x, user: x"
    ) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: x
        clusters: [{name: x, cluster: {\(cluster)}}]
        users: [{name: x, user: {\(user)}}]
        contexts: [{name: x, context: {\(context)}}]
        """
    }

    private func load(
        _ text: String, context: String? = nil, namespace: String? = nil
    ) throws(ConfigurationError) -> ClientConfiguration {
        let path = folder.write("config", text)
        return try .load(kubeconfig: path, context: context, namespace: namespace, environment: ["PATH": "/bin"])
    }

    private func failure(_ text: String, context: String? = nil) -> String {
        do throws(ConfigurationError) {
            return "none: \(try load(text, context: context))"
        } catch {
            return error.description.replacing(folder.path + "/", with: "")
        }
    }

    @Test(arguments: [
        // What is written, and what becomes of it.
        ("https://h:6443", "https://h:6443"), ("https://h/k8s/clusters/c-1/", "https://h/k8s/clusters/c-1"),
        ("HTTPS://h?a=b#c", "https://h"), ("http://localhost:8080", "http://localhost:8080"),
        ("localhost:8080", "http://localhost:8080"), ("'https://[::1]:6443'", "https://[::1]:6443"),
    ])
    func serversKeepTheirPath(written: String, expected: String) throws {
        #expect(try load(config(cluster: "server: \"\(written.replacing("'", with: ""))\"")).server == expected)
    }

    @Test func everyFieldArrives() throws {
        folder.write("ca.crt", "CA")
        let found = try load(
            config(
                cluster: "server: https://h, certificate-authority: ca.crt, tls-server-name: s, "
                    + "proxy-url: 'socks5://p:1', disable-compression: true",
                user: "token: t, client-certificate-data: Y2VydA==, client-key-data: a2V5, as: jane, as-uid: '7', "
                    + "as-groups: [g], as-user-extra: {k: [v]}",
                context: "cluster: x, user: x, namespace: team-a"))
        #expect(found.namespace == "team-a")
        #expect(found.contextName == "x")
        #expect(found.userName == "x")
        #expect(found.certificateAuthority == .file(folder.path + "/ca.crt"))
        #expect(found.tlsServerName == "s")
        #expect(found.verifiesServer)
        #expect(found.proxy == .url("socks5://p:1"))
        #expect(found.disableCompression)
        #expect(found.authentication == .token(Secret("t")))
        #expect(
            found.clientIdentity
                == TLSClientIdentity(certificate: .data(Data("cert".utf8)), privateKey: .data(Data("key".utf8))))
        #expect(
            found.impersonation
                == ClientConfiguration.Impersonation(user: "jane", uid: "7", groups: ["g"], extra: ["k": ["v"]]))
    }

    @Test(arguments: [
        ("token: t", ClientConfiguration.Authentication.token(Secret("t"))), ("", .none), ("token: ''", .none),
        ("username: u, password: p", .basic(username: "u", password: Secret("p"))),
        // A plugin is asked only where nothing else is given.
        ("token: t, exec: {command: c, apiVersion: client.authentication.k8s.io/v1beta1}", .token(Secret("t"))),
    ])
    func usersAuthenticate(user: String, expected: ClientConfiguration.Authentication) throws {
        #expect(try load(config(user: user)).authentication == expected)
    }

    @Test func aTokenFileStandsAboveTheToken() throws {
        let path = folder.write("sub/token", "x")
        #expect(
            try load(config(user: "token: t, tokenFile: sub/token")).authentication
                == .tokenFile(path, initial: Secret("t")))
        #expect(try load(config(user: "tokenFile: sub/token")).authentication == .tokenFile(path, initial: nil))
    }

    @Test func pluginsAreReadWhole() throws {
        let exec = """
            exec: {command: bin/login, args: [a], env: [{name: A, value: b}], installHint: hint,
              apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, provideClusterInfo: true}
            """
        let cluster =
            "server: https://h, certificate-authority-data: Q0E=, "
            + "extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]"
        guard case .exec(let plugin) = try load(config(cluster: cluster, user: exec)).authentication else {
            return #expect(Bool(false))
        }
        #expect(plugin.command == folder.path + "/bin/login")
        #expect(plugin.arguments == ["a"])
        #expect(plugin.environment == ["PATH": "/bin", "A": "b"])
        #expect(plugin.installHint == "hint")
        #expect(plugin.interactiveMode == .never)
        let info = String(decoding: plugin.clusterInfo ?? Data(), as: UTF8.self)
        for part in [#""server":"https:"#, #""certificate-authority-data":"Q0E=""#, #""config":{"audience":"x"}"#] {
            #expect(info.contains(part))
        }
    }

    @Test func nothingSecretGoesOverPlainHTTP() throws {
        let found = try load(config(cluster: "server: http://h", user: "token: t, as: jane"))
        #expect(found.authentication == .none)
        #expect(found.impersonation?.user == "jane")
    }

    @Test(arguments: [
        ("token: t, username: u", "users[x].user.token: A token and basic authentication"),
        ("client-certificate-data: Y2VydA==", "users[x].user.client-key: A client certificate needs its key"),
        ("client-key-data: a2V5", "users[x].user.client-certificate: A client key needs"),
        ("client-certificate-data: Y2VydA==, client-certificate: x, client-key-data: a2V5", "only one is allowed"),
        ("client-certificate: none, client-key-data: a2V5", "client-certificate: The file none can't be read"),
        ("client-certificate-data: '%%', client-key-data: a2V5", "client-certificate-data: This must be PEM"),
        ("tokenFile: none", "users[x].user.tokenFile: The file none can't be read"),
        ("as-groups: [g]", "users[x].user.as: "), ("auth-provider: {name: gcp}", "no longer in Kubernetes"),
        ("auth-provider: {name: gcp}, exec: {command: c}", "users[x].user.exec: An auth-provider and exec"),
        ("exec: {apiVersion: x}", "users[x].user.exec.command: The program is missing"),
        ("exec: {command: c}", "exec.apiVersion: This must be client.authentication.k8s.io/v1 or"),
        ("exec: {command: c, apiVersion: client.authentication.k8s.io/v1alpha1}", "v1alpha1 isn't known"),
        (
            "exec: {command: c, apiVersion: client.authentication.k8s.io/v1}",
            "exec.interactiveMode: This must be one of"
        ),
        (
            "exec: {command: c, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Perhaps}",
            "Perhaps isn't known; this must be one of Never, IfAvailable, Always"
        ), ("exec: {command: c, apiVersion: client.authentication.k8s.io/v1beta1, env: [{value: x}]}", "env[0].name"),
        ("token: 12", "config:5:33: users[0].user.token: a number where text should be; quote it"),
    ])
    func badUsersAreNamed(user: String, expected: String) {
        let message = failure(config(user: user))
        #expect(message.hasPrefix("config:") && message.contains(expected))
    }

    @Test(arguments: [
        ("", "clusters[x].cluster.server: The server's address is missing"),
        ("server: 'https://'", "isn't an address such as"), ("server: 'ftp://h'", "The scheme ftp isn't known"),
        ("server: https://h, proxy-url: 'ftp://p'", "proxy-url: Only http, https and socks5"),
        (
            "server: https://h, certificate-authority-data: Q0E=, insecure-skip-tls-verify: true",
            "insecure-skip-tls-verify: This and a certificate-authority are given, only one is allowed"
        ), ("server: https://h, certificate-authority-data: Q0E=, certificate-authority: x", "only one is allowed"),
        ("server: https://h, certificate-authority: none", "certificate-authority: The file none can't be read"),
    ])
    func badClustersAreNamed(cluster: String, expected: String) {
        let message = failure(config(cluster: cluster))
        #expect(message.hasPrefix("config:") && message.contains(expected))
    }

    @Test func missingNamesAreToldWithThoseThatAreThere() {
        #expect(failure(config(), context: "other") == "There is no context other, only x")
        #expect(failure(config(context: "cluster: m, user: x")).contains("There is no cluster m, only x"))
        #expect(failure(config(context: "cluster: x, user: m")).contains("There is no user m, only x"))
        #expect(failure(config(context: "user: x")).contains("The context names no cluster"))
        #expect(failure("apiVersion: v1").hasPrefix("No context is chosen"))
        #expect(failure("").hasPrefix("No context is chosen"))
        #expect(failure("a: [").hasPrefix("config:1:5: ") || failure("a: [").hasPrefix("config:2:1: "))
    }

    @Test func whatIsWrongWithOtherContextsDoesNotMatter() throws {
        let text = config().replacing("users: [", with: "users: [{name: bad, user: {as-uid: x}}, ")
        #expect(try load(text).contextName == "x")
    }

    @Test func namespacesComeFromTheUserFirst() throws {
        let text = config(context: "cluster: x, user: x, namespace: team-a")
        #expect(try load(text, namespace: "team-b").namespace == "team-b")
        #expect(try load(config()).namespace == "default")
    }

    @Test func jsonIsYAMLToo() throws {
        let text =
            #"{"current-context":"x","clusters":[{"name":"x","cluster":{"server":"https://h"}}],"#
            + #""contexts":[{"name":"x","context":{"cluster":"x","user":""}}],"users":null}"#
        #expect(try load(text).server == "https://h")
    }
}
