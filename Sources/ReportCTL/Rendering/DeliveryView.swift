import KubernetesModel
import ReportAPI
import ReportClient

/// Deliveries as tables: a function of them, of the time and of the zone.
struct DeliveryView: Sendable {
    let now: Timestamp
    let moments: Moments

    func table(
        _ deliveries: [KnownDelivery], isWide: Bool, showsNamespace: Bool, showsReport: Bool = true
    ) -> TextTable {
        let titles =
            (showsNamespace ? ["NAMESPACE"] : []) + ["NAME"] + (showsReport ? ["REPORT"] : [])
            + ["CHANNEL", "PHASE", "SENT", "AGE"] + (isWide ? ["ENDED", "TO", "FILES", "REPORT-ID"] : []) + ["MESSAGE"]
        var table = TextTable(columns: titles.map { .init(title: $0) })
        table.rows = deliveries.map { delivery in
            var row = (showsNamespace ? [delivery.namespace] : []).map { StyledText($0) }
            row.append(StyledText(delivery.name))
            if showsReport { row.append(StyledText(delivery.reportName ?? delivery.reportID)) }
            row += [
                StyledText(delivery.channel), phase(delivery), StyledText(delivery.sent),
                StyledText(Moments.age(delivery.createdAt, now: now)),
            ]
            if isWide {
                row += [
                    delivery.completedAt.map(moments.full) ?? "", delivery.addresses.joined(separator: ","),
                    delivery.files.map(\.format).joined(separator: ","), delivery.reportID,
                ].map { StyledText($0) }
            }
            row.append(StyledText(delivery.message?.firstLine ?? ""))
            return row
        }
        return table
    }

    func phase(_ delivery: KnownDelivery) -> StyledText {
        let phase = delivery.phase.map { StyledText($0.rawValue, .of($0)) } ?? StyledText("not seen yet", .waiting)
        return delivery.isGone ? phase + StyledText(" (gone)", .faint) : phase
    }

    /// Each recipient's copy: whether it has it, and what the other side said.
    func recipients(_ deliveries: [KnownDelivery]) -> [StyledText] {
        var table = TextTable("DELIVERY", "RECIPIENT", "PHASE", "AT", "DETAIL")
        for delivery in deliveries {
            for recipient in delivery.recipients {
                table.rows.append([
                    StyledText(delivery.name), StyledText(recipient.to),
                    StyledText(recipient.phase.rawValue, .of(recipient.phase)),
                    StyledText(recipient.at.map(moments.full) ?? ""),
                    StyledText(
                        [recipient.possiblyTwice == true ? "possibly twice" : nil, recipient.detail?.firstLine]
                            .compactMap(\.self).joined(separator: "; ")),
                ])
            }
        }
        return table.rows.isEmpty ? [] : table.lines()
    }

    /// In a report's description: what went where.
    func lines(_ deliveries: [KnownDelivery]) -> [StyledText] {
        guard !deliveries.isEmpty else { return [] }
        return ["Deliveries:"]
            + table(deliveries, isWide: false, showsNamespace: false, showsReport: false).lines()
    }
}

extension Tone {
    static func of(_ phase: ReportDeliveryStatus.Phase) -> Tone {
        switch phase {
        case .pending: .waiting
        case .rendering, .sending: .active
        case .delivered: .good
        case .partlyDelivered, .failed: .bad
        }
    }

    static func of(_ phase: ReportDeliveryStatus.Recipient.Phase) -> Tone {
        switch phase {
        case .pending: .plain
        case .sending: .active
        case .sent: .good
        case .failed: .bad
        case .unknown: .waiting
        case .cancelled: .faint
        }
    }
}
