import DeliveryPlanning
import JSONReading
package import KubernetesModel
package import ReportAPI

/// Says of manifests what the operator would say of them once they are applied, and what a cluster would drop without a word.
///
/// Pure: files are read, and clusters asked, by whoever calls it. For example, of a file with a pipeline and a schedule for
/// it, `ManifestLint(namespace: "finance", now: now).findings(manifests)` names the faults of both, and where the two don't
/// fit.
package struct ManifestLint: Sendable {
    /// Of objects that name none.
    package var namespace: String
    /// Pipelines that are there beside those of the manifests.
    package var known: [ObjectKey: ReportPipeline]
    /// Whether there are no others.
    package var knowsAll: Bool
    package var now: Timestamp
    /// Why there is no such time zone.
    package var zoneFault: @Sendable (String?) -> String?
    /// What an API server checks before the operator sees an object, by kind.
    package var schemas: [String: SchemaCheck]

    package init(
        namespace: String, known: [ObjectKey: ReportPipeline] = [:], knowsAll: Bool = false, now: Timestamp,
        schemas: [String: SchemaCheck] = [:], zoneFault: @escaping @Sendable (String?) -> String? = { _ in nil }
    ) {
        self.namespace = namespace
        self.known = known
        self.knowsAll = knowsAll
        self.now = now
        self.schemas = schemas
        self.zoneFault = zoneFault
    }

    /// In the manifests' order; those of other groups than the operator's are left alone.
    package func findings(_ manifests: [LintManifest]) -> [LintFinding] {
        let objects = Self.objects(manifests)
        var check = self
        var own: Set<ObjectKey> = []
        for object in objects {
            guard object.kind == ReportPipeline.resourceKind,
                let pipeline = try? ReadableObject(object, ReportPipeline.self, \.spec, in: namespace).resource
            else { continue }
            check.known[pipeline.key] = pipeline
            own.insert(pipeline.key)
        }
        var seen: Set<String> = []
        return objects.flatMap { object in
            var messages = check.messages(object, own: own)
            let kind = object.kind?.kind ?? ""
            if let key = object.key(in: namespace), !seen.insert("\(kind) \(key)").inserted {
                messages.errors.append("metadata.name: there is another one of this kind and name in these files")
            }
            func findings(_ level: LintFinding.Level, _ messages: [String]) -> [LintFinding] {
                messages.map { LintFinding(level, place: object.place, subject: object.subject, message: $0) }
            }
            return findings(.error, messages.errors) + findings(.warning, messages.warnings)
        }
    }

    /// The operator's among them, those in lists too.
    package static func objects(_ manifests: [LintManifest]) -> [LintObject] {
        manifests.flatMap { manifest -> [LintObject] in
            guard manifest.object["kind"]?.string?.hasSuffix("List") == true,
                let items = manifest.object["items"]?.array
            else { return [LintObject(manifest)] }
            return items.map { LintObject(LintManifest(place: manifest.place, object: $0)) }
        }
        .filter(\.isOurs)
    }

    // MARK: One object

    struct Messages {
        var errors: [String] = []
        var warnings: [String] = []
        /// Which of the errors are that a field can't be read.
        var unreadable: [String] = []
    }

    private func messages(_ object: LintObject, own: Set<ObjectKey>) -> Messages {
        var messages = Messages(errors: object.headFaults)
        guard messages.errors.isEmpty else { return messages }
        switch object.kind {
        case ReportPipeline.resourceKind:
            add(object, ReportPipeline.self, \.spec, to: &messages) { pipeline, _ in
                PipelinePlanner.faults(
                    in: pipeline, zoneFault: zoneFault(pipeline.spec.value?.report?.timeZone))
            }
        case ReportRequest.resourceKind:
            var warnings: [String] = []
            add(object, ReportRequest.self, \.spec, to: &messages) { request, _ in
                faults(of: request, own: own, warnings: &warnings)
            }
            messages.warnings += warnings
        case ReportSchedule.resourceKind:
            var warnings: [String] = []
            add(object, ReportSchedule.self, \.spec, to: &messages) { schedule, spec in
                faults(of: schedule, spec, warnings: &warnings)
            }
            messages.warnings += warnings
        case ReportTrigger.resourceKind:
            var warnings: [String] = []
            add(object, ReportTrigger.self, \.spec, to: &messages) { trigger, spec in
                faults(of: trigger, spec, warnings: &warnings)
            }
            messages.warnings += warnings
        case ReportChannel.resourceKind:
            add(object, ReportChannel.self, \.spec, to: &messages) { _, spec in
                ChannelCheck.faults(in: spec, at: "spec")
            }
        case ReportDelivery.resourceKind:
            add(object, ReportDelivery.self, \.spec, to: &messages) { _, spec in
                DeliveryCheck.faults(in: spec, channel: nil, parameters: nil, at: "spec")
            }
        default: break
        }
        addSchemaFaults(of: object, to: &messages)
        return messages
    }

    /// What only the schema refuses. Where a fault of the same field, or of one in or around it, is told already, that says
    /// more; but where it is only that the field can't be read, the schema does.
    private func addSchemaFaults(of object: LintObject, to messages: inout Messages) {
        guard let kind = object.kind?.kind, let spec = object.object["spec"] else { return }
        func field(_ fault: String) -> [Substring] {
            fault.prefix { $0 != ":" && $0 != " " }.split { ".[]".contains($0) }
        }
        let faults = schemas[kind]?.faults(in: spec) ?? []
        for unreadable in messages.unreadable where faults.contains(where: { field($0) == field(unreadable) }) {
            messages.errors.removeAll { $0 == unreadable }
        }
        let told = messages.errors.map(field)
        messages.errors += faults.filter { fault in
            let place = field(fault)
            return !told.contains { $0.starts(with: place) || place.starts(with: $0) }
        }
    }

    /// What can't be read of it, what `check` says of the rest, and the fields that nobody reads.
    private func add<R: KubernetesResource, Spec: Codable & Sendable>(
        _ object: LintObject, _ type: R.Type, _ spec: KeyPath<R, Decoded<Spec>>, to messages: inout Messages,
        check: (R, Spec) -> [String]
    ) {
        let read: ReadableObject<R, Spec>
        do throws(LintObject.Fault) {
            read = try ReadableObject(object, type, spec, in: namespace)
        } catch {
            return messages.errors.append(error.description)
        }
        messages.unreadable = read.faults
        messages.errors += read.faults
        if let spec = read.spec {
            messages.errors += read.object.unknownFields(besides: spec) + check(read.resource, spec)
        }
    }

    private func faults(
        of request: ReportRequest, own: Set<ObjectKey>, warnings: inout [String]
    ) -> [String] {
        let name = request.spec.value?.pipelineRef?.name
        let key = name.map { ObjectKey(namespace: request.metadata.namespace, name: $0) }
        let pipeline = key.flatMap { known[$0] }
        let zone = (request.spec.value?.pipeline ?? pipeline?.spec.value)?.report?.timeZone
        switch Acceptance.judge(request, pipeline: pipeline, zoneFault: zoneFault(zone)) {
        case .accepted: return []
        case .pipelineMissing(let name):
            return missing(name, at: "spec.pipelineRef.name", in: request.metadata.namespace, &warnings)
        case .refused(let faults):
            // Those of a pipeline of these files are told there.
            guard let key, own.contains(key) else { return faults }
            return faults.filter { !$0.hasPrefix("ReportPipeline \(key.name): ") }
        }
    }

    private func faults(
        of schedule: ReportSchedule, _ spec: ReportScheduleSpec, warnings: inout [String]
    ) -> [String] {
        var faults = zoneFault(spec.timeZone).map { ["spec.timeZone: \($0)"] } ?? []
        faults += ScheduleCheck.timeFaults(in: spec, now: now)
        let template: ScheduleTemplate
        do throws(ScheduleTemplate.Faults) {
            template = try ScheduleTemplate(spec.request, holidays: spec.holidays, skipOn: spec.skipOn)
        } catch {
            faults += error.list
            template = error.legible
        }
        guard let name = spec.request.spec.pipelineRef?.name else {
            // What the pipeline delivers is judged by both.
            return faults + ScheduleCheck.inlineFaults(in: template).filter { !faults.contains($0) }
        }
        let namespace = schedule.metadata.namespace
        guard let pipeline = known[ObjectKey(namespace: namespace, name: name)] else {
            return faults + missing(name, at: "spec.request.spec.pipelineRef.name", in: namespace, &warnings)
        }
        guard let declared = pipeline.spec.value else {
            warnings.append(Self.unchecked(name))
            return faults
        }
        return faults + ScheduleCheck.faults(in: template, declared: declared.parameters ?? [])
    }

    private func faults(
        of trigger: ReportTrigger, _ spec: ReportTriggerSpec, warnings: inout [String]
    ) -> [String] {
        var faults: [String] = []
        let template: TriggerTemplate
        do throws(TriggerTemplate.Faults) {
            template = try TriggerTemplate(spec)
        } catch {
            faults = error.list
            template = error.legible
        }
        let (name, namespace) = (spec.request.pipelineRef.name, trigger.metadata.namespace)
        guard let pipeline = known[ObjectKey(namespace: namespace, name: name)] else {
            return faults + missing(name, at: "spec.request.pipelineRef.name", in: namespace, &warnings)
        }
        guard let declared = pipeline.spec.value else {
            warnings.append(Self.unchecked(name))
            return faults
        }
        return faults + template.faults(declared: declared.parameters ?? [])
    }

    private static func unchecked(_ pipeline: String) -> String {
        "ReportPipeline \"\(pipeline)\" can't be read, so parameters aren't checked"
    }

    private func missing(
        _ name: String, at field: String, in namespace: String, _ warnings: inout [String]
    ) -> [String] {
        let message = "\(field): there is no ReportPipeline \"\(name)\" in namespace \(namespace)"
        if knowsAll { return ["\(message), and none in these files"] }
        warnings.append("\(message) in these files, so parameters aren't checked; --server asks the cluster for it")
        return []
    }
}
