import DeliveryPlanning
import KubernetesModel
import MailMessages
import ReportAPI

/// What goes out when a run ends: decided once, from the request's own list, or else the pipeline's, or else the default
/// channels.
enum PinnedDeliveries {
    /// Of a request that is accepted with that pipeline.
    static func list(
        of spec: ReportRequestSpec, pipeline: PipelineSpec, _ ways: ObservedRun.Deliveries
    ) -> [DeliverSpec] {
        guard let own = spec.deliver ?? pipeline.deliver else { return defaults(for: spec, ways) }
        return own.map { completed($0, spec, ways) }
    }

    /// Of a request that was never accepted: nobody can say what its pipeline would want, and what is wrong with an entry of
    /// its own must not keep the others from saying so.
    static func listOfRefused(_ spec: ReportRequestSpec?, _ ways: ObservedRun.Deliveries) -> [DeliverSpec?] {
        guard let spec else { return [] }
        guard let own = spec.deliver else { return defaults(for: spec, ways) }
        return own.prefix(DeliveryCheck.maximumEntries).map { entry in
            let faults = DeliveryCheck.faults(in: entry, channel: nil, parameters: nil, at: "")
            return faults.isEmpty ? completed(entry, spec, ways) : nil
        }
    }

    private static func completed(
        _ entry: DeliverSpec, _ spec: ReportRequestSpec, _ ways: ObservedRun.Deliveries
    ) -> DeliverSpec {
        var entry = entry
        entry.when = entry.when ?? .succeeded
        entry.formats = entry.formats ?? formats(of: spec)
        if entry.to == nil, entry.cc == nil, let address = address(of: spec),
            ways.channels.contains(where: { $0.metadata.name == entry.channel && $0.spec.value?.type == .mail })
        {
            entry.to = [address]
        }
        return entry
    }

    private static func defaults(for spec: ReportRequestSpec, _ ways: ObservedRun.Deliveries) -> [DeliverSpec] {
        let formats = formats(of: spec)
        return [ReportChannelSpec.Kind.mail, .mqtt, .webhook, .folder].flatMap { kind -> [DeliverSpec] in
            guard let channel = defaultChannel(kind, ways)?.metadata.name else { return [] }
            guard kind == .mail else { return [DeliverSpec(channel: channel, formats: formats, when: .always)] }
            guard let address = address(of: spec), formats != nil else { return [] }
            let files = DeliverSpec(channel: channel, to: [address], formats: formats, when: .succeeded)
            // Of a schedule that fails night after night the first failure is news.
            guard !ways.followsFailure else { return [files] }
            return [files, DeliverSpec(channel: channel, to: [address], when: .failed)]
        }
    }

    /// By what the requester is told that something didn't get out.
    static func failureNotice(of spec: ReportRequestSpec, _ ways: ObservedRun.Deliveries) -> DeliverSpec? {
        guard let address = address(of: spec), let channel = defaultChannel(.mail, ways)?.metadata.name else {
            return nil
        }
        return DeliverSpec(channel: channel, to: [address], attach: .never)
    }

    /// Of several the oldest counts.
    private static func defaultChannel(
        _ kind: ReportChannelSpec.Kind, _ ways: ObservedRun.Deliveries
    ) -> ReportChannel? {
        guard let labels = ways.namespaceLabels else { return nil }
        let candidates = ways.channels.filter { channel in
            guard let spec = channel.spec.value, spec.type == kind, spec.default == true,
                !channel.metadata.isDeleting, DeliveryCheck.admits(namespaceLabels: labels, by: spec)
            else { return false }
            return ChannelCheck.faults(in: spec, at: "spec").isEmpty
        }
        return candidates.min { one, other in
            let (first, second) = (one.metadata, other.metadata)
            return (first.creationTimestamp?.seconds ?? 0, first.name)
                < (second.creationTimestamp?.seconds ?? 0, second.name)
        }
    }

    private static func formats(of spec: ReportRequestSpec) -> [String]? {
        let wanted = (spec.output?.knownFormats ?? []).map(\.rawValue)
        return wanted.isEmpty ? nil : wanted
    }

    /// The requester's, where mail can be sent to it.
    private static func address(of spec: ReportRequestSpec) -> String? {
        guard let email = spec.requester?.email, (try? MailAddress(email)) != nil else { return nil }
        return email
    }
}
