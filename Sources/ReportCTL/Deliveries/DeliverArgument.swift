import ArgumentParser
import DeliveryPlanning
import KubernetesModel
import ReportAPI
import ReportClient

/// What is delivered where, as it is typed, and its faults in the words of the command line.
enum DeliverArgument {
    /// Values that were given several times, with commas, or both.
    static func list(_ texts: [String]) -> [String] {
        texts.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmingSpaces } }
    }

    /// `CHANNEL`, or `CHANNEL:ADDRESS,…`: an entry of `deliver`.
    static func entry(_ text: String) throws(ValidationError) -> DeliverSpec {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let channel = parts.first ?? ""
        guard NameForm.isSubdomain(channel) else {
            throw ValidationError(
                "--deliver \(text): \(NameArgument.fault(channel, "channel")); write CHANNEL, or CHANNEL:ADDRESS,…")
        }
        let entry = DeliverSpec(channel: channel, to: parts.count > 1 ? list([parts[1]]) : nil)
        if let fault = faults(in: entry, channel: nil).first {
            throw ValidationError("--deliver \(text): \(fault.replacing("--to: ", with: ""))")
        }
        return entry
    }

    /// `channel` is nil where it isn't known, or may not be looked at.
    static func faults(in entry: DeliverSpec, channel: ReportChannelSpec?) -> [String] {
        DeliveryCheck.faults(in: entry, channel: channel, parameters: nil, at: "spec").map(forCommandLine)
    }

    /// `spec.to[0]: …` as `--to: …`.
    static func forCommandLine(_ fault: String) -> String {
        for (field, option) in [
            ("spec.to", "--to"), ("spec.cc", "--cc"), ("spec.formats", "--format"), ("spec.channel", "--channel"),
            ("spec.subject", "--subject"), ("spec.text", "--text"),
        ] where fault.hasPrefix(field) {
            guard let colon = fault.utf8.firstIndex(of: UInt8(ascii: ":")) else { break }
            return option + fault[colon...]
        }
        return fault
    }
}

extension DeliverSpec {
    init(channel: String, _ wish: Resend.Wish) {
        self.init(
            channel: channel, to: wish.to.isEmpty ? nil : wish.to, formats: wish.formats.isEmpty ? nil : wish.formats,
            subject: wish.subject, text: wish.text)
    }
}
