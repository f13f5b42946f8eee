import ArgumentParser
import KubernetesClient
import KubernetesModel
import ReportAPI
import ReportClient
import ReportPlanning
import ReportRecords

/// Sends a report again: finds out whereto, and asks for it.
struct Resending: Sendable {
    let session: Session
    let courierNamespace: String
    let report: NamedReport

    private var channels: Channels { Channels(session, in: courierNamespace) }

    /// Nil where nobody lacks it, which has been said then.
    func plan(_ wish: Resend.Wish) async throws -> Resend? {
        let earlier = report.known
        let channel = try await channel(of: wish, earlier: earlier)
        let requester = report.request?.spec.value?.requester?.email ?? report.record?.requester?.email
        let outcome: Resend.Outcome
        do throws(Resend.Refusal) {
            outcome = try Resend.outcome(
                of: wish, channel: channel.name, kind: channel.spec?.type, earlier: earlier,
                repeating: report.delivery?.metadata.name, requester: requester,
                fault: report.ledger?.fault)
        } catch { throw trouble(error) }
        switch outcome {
        case .send(let resend):
            let faults = DeliverArgument.faults(in: resend.entry, channel: channel.spec)
            guard faults.isEmpty else {
                throw Trouble(
                    "\(report.title) can't be sent like this:\n" + faults.map { "  - " + $0 }.joined(separator: "\n"),
                    advice: [channels.command("channels", channel.name)], code: .usage)
            }
            return resend
        case .nobodyLacksIt(let unknown, let underway):
            Out.hint("Nobody lacks \(report.title) of \(channel.name): nothing is sent.")
            Self.notes(unknown: unknown, underway: underway).forEach { Out.hint("  " + $0) }
            return nil
        }
    }

    func create(_ resend: Resend) async throws -> ReportDelivery {
        let spec = ReportDeliverySpec(reportID: report.id, entry: resend.entry)
        let creation = DeliveryCreation(
            session.cluster, namespace: report.namespace, spec: spec, label: report.name.map { ObjectNames.label($0) })
        let base = (report.name ?? "report-\(report.id.prefix(8))").prefix(50) + "-resend"
        return try await session.explaining { try await creation.create(base: String(base)) }
    }

    /// What is sent where, for the person who asked.
    static func lines(_ resend: Resend) -> [String] {
        let entry = resend.entry
        let people = (entry.to ?? []) + (entry.cc ?? [])
        let files = (entry.formats ?? []).joined(separator: ", ")
        let rows = (entry.only ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
            separator: ", ")
        return [
            "through \(entry.channel)" + (people.isEmpty ? "" : ", to \(people.joined(separator: ", "))")
                + (files.isEmpty ? "" : ", as \(files)") + (resend.repeats.map { ", as \($0) was" } ?? ""),
            rows.isEmpty ? nil : "with the rows of \(rows) alone, as before",
        ].compactMap(\.self) + notes(unknown: resend.unknown, underway: resend.underway)
    }

    private static func notes(unknown: [String], underway: [String]) -> [String] {
        [
            unknown.isEmpty
                ? nil
                : "whether they have it isn't known: \(unknown.joined(separator: ", ")) (ask them, or --also-unknown)",
            underway.isEmpty ? nil : "being sent already: \(underway.joined(separator: ", "))",
        ].compactMap(\.self)
    }

    private struct Found {
        var name: String
        /// Nil where it may not be looked at.
        var spec: ReportChannelSpec?
    }

    private func channel(of wish: Resend.Wish, earlier: [KnownDelivery]) async throws -> Found {
        let named: String?
        if wish.channel == nil, let delivery = report.delivery {
            named = delivery.spec.value?.channel
        } else {
            do throws(Resend.Refusal) {
                named = try Resend.channel(of: wish, earlier: earlier)
            } catch { throw trouble(error) }
        }
        guard let named else {
            let found = try await channels.explaining { cluster in
                try await cluster.defaultMailChannel(courierNamespace: courierNamespace)
            }
            guard let found else { throw trouble(.noChannel) }
            return Found(name: found.metadata.name, spec: found.spec.value)
        }
        return Found(name: named, spec: try await channels.ifVisible(named))
    }

    private func trouble(_ refusal: Resend.Refusal) -> Trouble {
        let look = session.command("deliveries", report.name ?? report.id)
        switch refusal {
        case .severalChannels(let names):
            return Trouble(
                "\(report.title) went through \(names.joined(separator: ", ")): give --channel, to say which is meant",
                advice: [look], code: .usage)
        case .noChannel:
            return Trouble(
                "\(report.title) was not delivered before, and there is no default channel of type Mail: give --channel",
                advice: [channels.command("channels")], code: .usage)
        case .nobody(let channel):
            return Trouble(
                "nobody is known to send \(report.title) to through \(channel), which is of type Mail: give --to ADDRESS",
                advice: [look], code: .usage)
        case .nothingBefore(let channel):
            return Trouble(
                "nothing is known of who got \(report.title) through \(channel), so --only-missing can't tell who lacks it",
                advice: ["send it to everyone: leave --only-missing out", look], code: .usage)
        case .unknown(let fault):
            return Trouble(
                "who lacks \(report.title) isn't known, since not all that was sent of it can be read: \(fault)",
                advice: ["name those who lack it: --to ADDRESS, without --only-missing", look])
        }
    }
}
