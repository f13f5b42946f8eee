import ArgumentParser
import AsyncSupport
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportStores

/// Looks at everything that reports need. Each check is independent: what one finds doesn't keep others from being made.
struct Doctor: Sendable {
    let session: Session
    /// Whether requests and schedules of all namespaces are looked at.
    let isEverywhere: Bool
    let records: RecordOptions
    let redisFile: String?
    let courierNamespace: String

    func findings() async -> [Finding] {
        let server = await apiServer()
        guard server.allSatisfy({ $0.level != .failure }) else { return server }
        let seen = await seen(ReportRequest.self, "requests")
        let requests = seen.objects
        async let kinds = resourceKinds()
        async let permissions = permissions()
        async let work = operatorsWork(requests)
        async let rights = operatorsRights(requests)
        async let schedules = schedules(requests)
        async let triggers = triggers()
        async let courier = courier()
        async let mongodb = mongodb(requests)
        async let passwords = passwords()
        async let redis = redis(requests)
        return await server + kinds + [permissions] + seen.findings + work + rights + schedules + triggers + courier
            + mongodb + passwords + redis
    }

    /// What of a kind may be looked at, and a word about the rest.
    private struct Seen<R: KubernetesResource> {
        var objects: [R] = []
        /// Where they are from; nil: all namespaces.
        var namespace: String?
        var findings: [Finding] = []
    }

    /// In all namespaces if those are wanted, else in the one. `noun`: what people call them.
    private func seen<R: KubernetesResource>(_ type: R.Type, _ noun: String) async -> Seen<R> {
        func items(_ namespace: String?) async throws -> [R] {
            try await session.explaining { try await session.cluster.items(type, namespace: namespace) }
        }
        let wanted = isEverywhere ? nil : session.namespace
        let trouble: Trouble
        switch await Self.trying({ try await items(wanted) }) {
        case .success(let objects): return Seen(objects: objects, namespace: wanted)
        case .failure(let failure): trouble = failure
        }
        var seen = Seen<R>(namespace: session.namespace)
        let own = isEverywhere ? try? await items(session.namespace) : nil
        let text = own == nil ? "none can be looked at" : "those of namespace \(session.namespace) alone are looked at"
        seen.objects = own ?? []
        seen.findings = [
            .warning(
                noun, "\(text): \(trouble.message)",
                mend: isEverywhere
                    ? "have the ClusterRole view bound to you in all namespaces, or ask in each one: -n NAMESPACE"
                    : "see what is said of permissions; if nothing is wrong there, try again")
        ]
        return seen
    }

    private func apiServer() async -> [Finding] {
        let place = session.configuration.contextName.map { "context \($0), " } ?? ""
        do {
            let version = try await session.ask { client throws(KubernetesError) in try await client.serverVersion() }
            let text = "\(place)\(session.configuration.server), \(version.gitVersion)"
            let minor = Int(version.minor.prefix { $0.isNumber }) ?? 0
            guard version.major != "1" || minor >= 20 else {
                return [.failure("API server", text, mend: "use Kubernetes 1.20 or later")]
            }
            return [.ok("API server", text)]
        } catch {
            return [.failure("API server", error.message, mend: error.advice.first ?? "")]
        }
    }

    private func resourceKinds() async -> [Finding] {
        do {
            let served = try await session.ask { client throws(KubernetesError) in
                try await client.servedResources(group: ReportsAPI.group, version: ReportsAPI.version)
            }
            let kinds = [
                ReportPipeline.resourceKind, ReportRequest.resourceKind, ReportSchedule.resourceKind,
                ReportTrigger.resourceKind, ReportChannel.resourceKind, ReportDelivery.resourceKind,
            ]
            let missing = kinds.filter { kind in !served.contains { $0.name == kind.plural } }
            guard missing.isEmpty else {
                return [
                    .failure(
                        "CRDs", "not there: \(missing.map(\.qualifiedName).joined(separator: ", "))",
                        mend: "kubectl apply -k crds/ (with --validate=false before Kubernetes 1.25)")
                ]
            }
            return [.ok("CRDs", kinds.map(\.plural).joined(separator: ", ") + " are served")]
        } catch {
            return [.failure("CRDs", error.message, mend: error.advice.first ?? "")]
        }
    }

    private func permissions() async -> Finding {
        var denied: [Permission] = []
        do {
            for permission in Permission.all {
                let review = try await session.ask { client throws(KubernetesError) in
                    try await client.createWhole(
                        Permission.reviewKind, manifest: permission.review(namespace: session.namespace), namespace: nil
                    )
                }
                if review["status"]?["allowed"] != .bool(true) { denied.append(permission) }
            }
        } catch {
            return .warning("permissions", "can't be asked for: \(error.message)", mend: error.advice.first ?? "")
        }
        return Permission.finding(denied: denied, namespace: session.namespace)
    }

    private func operatorsWork(_ requests: [ReportRequest]) async -> [Finding] {
        var findings: [Finding] = []
        let kind = ResourceKind(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
        let namespace = records.installation.operatorNamespace
        do throws(KubernetesError) {
            let deployment = try await session.cluster.client.whole(kind, name: "report-operator", namespace: namespace)
            findings += OperatorSigns.deployment(deployment, own: Version.current)
        } catch {
            let reason = error.isForbidden ? "may not be read by you" : error.isNotFound ? "isn't there" : error.message
            findings.append(
                .warning(
                    "operator", "its Deployment in namespace \(namespace) \(reason)",
                    mend: "if it is installed elsewhere: --operator-namespace NAMESPACE"))
        }
        return findings
            + OperatorSigns.findings(
                requests, now: Timestamp(Date.now), operatorNamespace: namespace,
                name: { name($0.metadata) }, describe: { command("describe", $0.metadata) })
    }

    /// What the operator may not do in the namespace, though it has to; nothing where you may not ask for others' rights.
    private func operatorsRights(_ requests: [ReportRequest]) async -> [Finding] {
        let namespace = records.installation.operatorNamespace
        let kind = ResourceKind(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
        let deployment = await Result { () async throws(KubernetesError) in
            try await session.cluster.client.whole(kind, name: "report-operator", namespace: namespace)
        }
        guard case .success(let object) = deployment,
            let account = object["spec"]?["template"]?["spec"]?["serviceAccountName"]?.string
        else { return [] }
        let user = "system:serviceaccount:\(namespace):\(account)"
        var missing: [OperatorRight] = []
        for right in OperatorRight.all {
            let review = await Result { () async throws(KubernetesError) in
                try await session.cluster.client.createWhole(
                    OperatorRight.reviewKind, manifest: right.review(of: user, namespace: session.namespace),
                    namespace: nil)
            }
            guard case .success(let answer) = review else { return [] }
            if answer["status"]?["allowed"] != .bool(true) { missing.append(right) }
        }
        let isUsed = requests.contains { $0.metadata.namespace == session.namespace }
        let finding = OperatorRight.finding(
            missing: missing, user: user, namespace: session.namespace, isUsed: isUsed)
        return finding.map { [$0] } ?? []
    }

    private func schedules(_ requests: [ReportRequest]) async -> [Finding] {
        let seen = await seen(ReportSchedule.self, "schedules")
        let pipelines = await self.seen(ReportPipeline.self, "pipelines")
        let isKnown = pipelines.findings.isEmpty && pipelines.namespace == seen.namespace
        return seen.findings + pipelines.findings
            + PipelineSigns.findings(pipelines.objects, name: { name($0.metadata) })
            + ScheduleSigns.failing(
                seen.objects, requests, name: { name($0.metadata) },
                describe: { command("describe", $0.metadata) })
            + ScheduleSigns.findings(
                seen.objects, pipelines: isKnown ? Set(pipelines.objects.map(\.key)) : nil, now: Timestamp(Date.now),
                operatorNamespace: records.installation.operatorNamespace, name: { name($0.metadata) },
                show: { command("schedules", $0.metadata) })
    }

    private func triggers() async -> [Finding] {
        let seen = await seen(ReportTrigger.self, "triggers")
        return seen.findings
            + TriggerSigns.findings(
                seen.objects, now: Timestamp(Date.now), operatorNamespace: records.installation.operatorNamespace,
                name: { name($0.metadata) })
    }

    /// Channels are looked at where the courier is; deliveries where requests are.
    private func courier() async -> [Finding] {
        let signs = CourierSigns(courierNamespace: courierNamespace, now: Timestamp(Date.now)) { [session] name in
            Channels(session, in: courierNamespace).command("channels", name)
        }
        let seen = await seen(ReportDelivery.self, "deliveries")
        let channels = await Self.trying { try await Channels(session, in: courierNamespace).all() }
        var findings: [Finding] = []
        let kind = ResourceKind(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
        let deployment = await Result { () async throws(KubernetesError) in
            try await session.cluster.client.whole(kind, name: "report-courier", namespace: courierNamespace)
        }
        switch deployment {
        case .success(let deployment):
            findings += OperatorSigns.deployment(deployment, own: Version.current, subject: "courier")
        case .failure(let error) where error.isNotFound:
            let waiting = seen.objects.contains { $0.status?.phase?.isTerminal != true }
            let isNeeded = waiting || ((try? channels.get())?.isEmpty == false)
            findings.append(signs.withoutCourier(isNeeded: isNeeded))
        case .failure(let error):
            let reason = error.isForbidden ? "may not be read by you" : error.message
            findings.append(
                .warning(
                    "courier", "its Deployment in namespace \(courierNamespace) \(reason)",
                    mend: "if it is installed elsewhere: --courier-namespace NAMESPACE"))
        }
        switch channels {
        case .success(let all): findings += signs.channels(all)
        case .failure(let trouble):
            findings.append(.warning("channels", trouble.message, mend: trouble.advice.first ?? ""))
        }
        return findings + seen.findings
            + signs.deliveries(seen.objects, name: { name($0.metadata) }) { delivery in
                let report = delivery.spec.value?.reportID ?? delivery.metadata.name
                return session.command("resend", report, "--only-missing", in: delivery.metadata.namespace)
            }
    }

    /// An object as its reader may call it, who looks at one namespace or at all.
    private func name(_ object: ObjectMeta) -> String { isEverywhere ? object.key.description : object.name }

    private func command(_ verb: String, _ object: ObjectMeta) -> String {
        session.command(verb, object, isEverywhere: isEverywhere)
    }

    private func mongodb(_ requests: [ReportRequest]) async -> [Finding] {
        let silence = ServerSilence(
            server: .mongodb,
            isAddressGiven: records.installation.isAddressGiven(.mongodb, file: records.mongodbUriFile),
            isMissedByOperator: !OperatorSigns.unrecorded(requests).isEmpty)
        let store: ReportStore
        switch await Self.trying({ try await records.store(session) }) {
        case .success(let opened): store = opened
        case .failure(let trouble): return [silence.findingWithoutAddress(trouble)]
        }
        let asked = await AskedAddress.of(.mongodb, file: records.mongodbUriFile, records.installation, session)
        let (place, foreign) = (asked.map { ", " + $0.words } ?? "", asked?.finding.map { [$0] } ?? [])
        let version = await Self.trying {
            try await session.explaining {
                try await store.ask { store throws(StoreTrouble) in try await store.serverVersion() }
            }
        }
        switch version {
        case .success(let version):
            return [.ok(silence.server.name, "answers, version \(version)\(place)")] + foreign
        case .failure(let trouble):
            return [silence.finding(trouble.message + place, mend: trouble.advice.first ?? "check the address")]
                + foreign
        }
    }

    private func passwords() async -> [Finding] {
        let pipelines = await seen(ReportPipeline.self, "pipelines").objects
        return await MongoPasswords(client: session.cluster.client).findings(
            MongoPasswords.places(
                operatorNamespace: records.installation.operatorNamespace, courierNamespace: courierNamespace,
                pipelines: pipelines))
    }

    private func redis(_ requests: [ReportRequest]) async -> [Finding] {
        let silence = ServerSilence(
            server: .redis, isAddressGiven: records.installation.isAddressGiven(.redis, file: redisFile),
            isMissedByOperator: requests.contains { $0.status?.reason == Reason.sharedLockUnavailable })
        let redis: RedisView
        switch await Self.trying({ try await RedisAddress.connection(redisFile, records.installation, session) }) {
        case .success(let opened): redis = opened
        case .failure(let trouble): return [silence.findingWithoutAddress(trouble)]
        }
        defer { redis.close() }
        let asked = await AskedAddress.of(.redis, file: redisFile, records.installation, session)
        let (place, foreign) = (asked.map { ", " + $0.words } ?? "", asked?.finding.map { [$0] } ?? [])
        do throws(RedisTrouble) {
            return RedisAdvice.findings(info: try await redis.information(), place: place) + foreign
        } catch {
            return [
                silence.finding(
                    error.description + place,
                    mend:
                        "an address that only pods can reach needs a tunnel: kubectl port-forward, then export REDIS_URL=…"
                )
            ] + foreign
        }
    }

    private static func trying<Value: Sendable>(_ body: () async throws -> Value) async -> Result<Value, Trouble> {
        do {
            return .success(try await body())
        } catch let trouble as Trouble {
            return .failure(trouble)
        } catch {
            return .failure(Trouble("\(error)"))
        }
    }
}
