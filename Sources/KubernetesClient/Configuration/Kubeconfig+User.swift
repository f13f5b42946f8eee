import FoundationEssentials
import HTTPTransport

extension Kubeconfig {
    /// One user and how to call it in an error.
    struct UserPart {
        let name: String
        let entry: Entry<User>

        private var user: User { entry.value }

        private func error(_ field: String, _ message: String) -> ConfigurationError {
            ConfigurationError(message, file: entry.file, field: self.field(field))
        }

        private func field(_ name: String) -> String { "users[\(self.name)].user.\(name)" }

        /// What client-go's `validateAuthInfo` refuses.
        func validate() throws(ConfigurationError) {
            if isSet(user.token) && (isSet(user.username) || isSet(user.password)) {
                throw error("token", "A token and basic authentication are given, only one is allowed")
            }
            let hasImpersonation =
                isSet(user.impersonateUID) || user.impersonateGroups?.isEmpty == false
                || user.impersonateUserExtra?.isEmpty == false
            if hasImpersonation && !isSet(user.impersonate) {
                throw error("as", "as-uid, as-groups and as-user-extra need the user that they belong to in `as`")
            }
            if user.authProvider != nil {
                throw user.exec == nil
                    ? error("auth-provider", "Auth providers are no longer in Kubernetes; use exec")
                    : error("exec", "An auth-provider and exec are given, only one is allowed")
            }
            let hasCertificate = isSet(user.clientCertificate) || isSet(user.clientCertificateData)
            let hasKey = isSet(user.clientKey) || isSet(user.clientKeyData)
            if hasCertificate && !hasKey { throw error("client-key", "A client certificate needs its key") }
            if hasKey && !hasCertificate { throw error("client-certificate", "A client key needs its certificate") }
            if let exec = user.exec { try validate(exec) }
        }

        private func validate(_ exec: Exec) throws(ConfigurationError) {
            if !isSet(exec.command) { throw error("exec.command", "The program is missing") }
            let versions = ExecPlugin.APIVersion.allCases.map(\.rawValue).joined(separator: " or ")
            guard let version = exec.apiVersion, !version.isEmpty else {
                throw error("exec.apiVersion", "This must be \(versions)")
            }
            guard let known = ExecPlugin.APIVersion(rawValue: version) else {
                throw error("exec.apiVersion", "\(version) isn't known; this must be \(versions)")
            }
            for (index, variable) in (exec.env ?? []).enumerated() where !isSet(variable.name) {
                throw error("exec.env[\(index)].name", "The variable's name is missing")
            }
            let modes = ExecPlugin.InteractiveMode.allCases.map(\.rawValue).joined(separator: ", ")
            guard let mode = exec.interactiveMode, !mode.isEmpty else {
                if known == .v1 { throw error("exec.interactiveMode", "This must be one of \(modes)") }
                return
            }
            if ExecPlugin.InteractiveMode(rawValue: mode) == nil {
                throw error("exec.interactiveMode", "\(mode) isn't known; this must be one of \(modes)")
            }
        }

        var impersonation: ClientConfiguration.Impersonation? {
            guard let name = user.impersonate, !name.isEmpty else { return nil }
            return ClientConfiguration.Impersonation(
                user: name,
                uid: isSet(user.impersonateUID) ? user.impersonateUID : nil,
                groups: user.impersonateGroups ?? [],
                extra: user.impersonateUserExtra ?? [:]
            )
        }

        var identity: TLSClientIdentity? {
            get throws(ConfigurationError) {
                let certificate = try KubeconfigPEM.source(
                    path: user.clientCertificate,
                    data: user.clientCertificateData,
                    in: entry,
                    field: field("client-certificate")
                )
                let key = try KubeconfigPEM.source(
                    path: user.clientKey, data: user.clientKeyData, in: entry, field: field("client-key"))
                guard let certificate, let key else { return nil }
                return TLSClientIdentity(certificate: certificate, privateKey: key)
            }
        }

        /// A plugin is asked only where nothing else is given.
        func authentication(
            environment: [String: String], cluster: ClusterPart
        ) throws(ConfigurationError) -> ClientConfiguration.Authentication {
            if let path = user.tokenFile, !path.isEmpty {
                let initial = user.token.flatMap { $0.isEmpty ? nil : Secret($0) }
                let resolved = entry.resolved(path)
                guard initial != nil || FileManager.default.isReadableFile(atPath: resolved) else {
                    throw error("tokenFile", "The file \(resolved) can't be read")
                }
                return .tokenFile(resolved, initial: initial)
            }
            if let token = user.token, !token.isEmpty { return .token(Secret(token)) }
            if isSet(user.username) || isSet(user.password) {
                return .basic(username: user.username ?? "", password: Secret(user.password ?? ""))
            }
            let hasCertificate = isSet(user.clientCertificate) || isSet(user.clientCertificateData)
            guard let exec = user.exec, !hasCertificate else { return .none }
            return .exec(try plugin(exec, environment: environment, cluster: cluster))
        }

        private func plugin(
            _ exec: Exec, environment: [String: String], cluster: ClusterPart
        ) throws(ConfigurationError) -> ExecPlugin {
            let command = exec.command ?? ""
            var all = environment
            for variable in exec.env ?? [] { all[variable.name ?? ""] = variable.value ?? "" }
            return ExecPlugin(
                command: command.contains("/") ? entry.resolved(command) : command,
                arguments: exec.args ?? [],
                environment: all,
                apiVersion: exec.apiVersion.flatMap { ExecPlugin.APIVersion(rawValue: $0) } ?? .v1,
                interactiveMode: exec.interactiveMode.flatMap { ExecPlugin.InteractiveMode(rawValue: $0) }
                    ?? .ifAvailable,
                installHint: exec.installHint,
                clusterInfo: exec.provideClusterInfo == true ? try cluster.execInfo(server: cluster.server) : nil
            )
        }

        private func isSet(_ text: String?) -> Bool { text?.isEmpty == false }
    }
}
