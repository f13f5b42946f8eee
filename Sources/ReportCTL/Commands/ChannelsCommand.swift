import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient

struct ChannelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channels",
        abstract: "List the ways out for reports, and whether they work; or show one.",
        discussion: """
            Channels are the cluster operator's, in the courier's namespace, so looking at them needs the role view there. \
            READY is what the courier found when it last tried the channel.

            For example: channels
                         channels mail
                         channels -o wide --courier-namespace reports
            """,
        aliases: ["channel"])

    @Argument(help: "The channel. Default: all of them.", completion: Completion.channels)
    var name: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var courier: CourierOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { try NameArgument.check(name, of: "channel") }

    func run() async throws {
        let session = try cluster.session()
        if let name { return try await show(name, session) }
        if output.output == .json || output.output == .yaml {
            let list = try await Channels(session, in: courier.courierNamespace).explaining { cluster in
                try await cluster.wholeList(ReportChannel.resourceKind, namespace: courier.courierNamespace)
            }
            return try Out.value(list, as: output.output ?? .json)
        }
        let channels = try await Channels(session, in: courier.courierNamespace).all()
        if output.output == .name {
            return channels.forEach { Out.line("reportchannel.\(ReportsAPI.group)/\($0.metadata.name)") }
        }
        guard !channels.isEmpty else {
            return Out.hint(
                "No channels found in namespace \(courier.courierNamespace), so reports aren't delivered. How to set one up: "
                    + "docs/channels.md")
        }
        var table = view.table(channels, isWide: output.output == .wide)
        let terminal = Terminal.standardOutput()
        if terminal.isInteractive { table.fit([table.columns.count - 1], to: terminal.width) }
        Out.write(table.rendered(terminal))
        if output.output != .wide, let faulty = channels.first(where: { $0.status?.ready?.isTrue != true }) {
            Out.hint(
                "  why one isn't ready: \(Channels(session, in: courier.courierNamespace).command("channels", faulty.metadata.name))"
            )
        }
    }

    private var view: ChannelView {
        ChannelView(now: Timestamp(Date.now), courierNamespace: courier.courierNamespace)
    }

    private func show(_ name: String, _ session: Session) async throws {
        let channels = Channels(session, in: courier.courierNamespace)
        let channel = try await channels.named(name)
        switch output.output {
        case .json, .yaml:
            let whole = try await channels.explaining { cluster in
                try await ReportCluster(client: cluster.client, namespace: courier.courierNamespace)
                    .whole(ReportChannel.resourceKind, name)
            }
            return try Out.value(whole, as: output.output ?? .json)
        case .name: return Out.line("reportchannel.\(ReportsAPI.group)/\(name)")
        case .wide, nil: break
        }
        let terminal = Terminal.standardOutput()
        for line in view.details(channel, width: terminal.width) {
            Out.line(line.rendered(color: terminal.usesColor))
        }
    }
}
