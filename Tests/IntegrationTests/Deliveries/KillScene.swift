import ClusterSupport
import Foundation
import LoopbackSupport
import ReportAPI
import Testing

/// A channel, and what ends the courier at the moments of a delivery through it.
struct KillScene: Sendable {
    var killer: any Killer
    /// Of MongoDB, where not the server's own.
    var uri: String?
    /// Of the courier.
    var options: [String] = []
    /// The letters that each of the report's rows has besides.
    var padding = 0
    var rows = 3
    var spec: @Sendable (_ report: String) -> String
    var check: @Sendable (_ done: ReportDelivery, _ report: String) async throws -> Void

    /// A write of the ledger, as the driver says it.
    static func isLedgerWrite(_ data: Data) -> Bool {
        let name = Data("report_deliveries\0".utf8)
        guard data.range(of: name) != nil else { return false }
        return data.range(of: Data("insert\0".utf8)) != nil || data.range(of: Data("update\0".utf8)) != nil
    }

    /// Counts the moments of a delivery that nobody disturbs, then kills at each of them, several side by side; returns how
    /// many there were.
    static func killAtEach(
        _ bed: DeliveryBed, _ name: String, _ scene: @escaping @Sendable (DeliveryBed) async throws -> KillScene
    ) async throws -> Int {
        let (count, moments) = try await bed.anew { bed in
            let scene = try await scene(bed)
            return (try await scene.deliver(bed, nil), scene.killer.moments)
        }
        try #require(count > 0)
        let points = moments.flatMap { moment in (1...count).map { KillPoint(number: $0, moment: moment) } }
        let killed = try await withThrowingTaskGroup(of: Int.self) { group in
            var (rest, killed) = (points[...], 0)
            for _ in 0..<6 where !rest.isEmpty {
                let point = rest.removeFirst()
                group.addTask { try await bed.anew { try await scene($0).deliver($0, point) } }
            }
            for try await fired in group {
                killed += fired
                guard !rest.isEmpty else { continue }
                let point = rest.removeFirst()
                group.addTask { try await bed.anew { try await scene($0).deliver($0, point) } }
            }
            return killed
        }
        print("\(name): killed at \(killed) moments")
        return killed
    }

    /// - Returns: how many things were said; with a point to kill at, 1 where it was killed.
    private func deliver(_ bed: DeliveryBed, _ point: KillPoint?) async throws -> Int {
        defer { killer.stop() }
        let report = try await bed.record(rows: rows, padding: padding)
        let options = options + ["--send-timeout", "5"]
        let courier = try bed.courier(uri: uri, options: options)
        defer { courier.end() }
        // What the channel's trial says doesn't count.
        try await bed.waitUntilChannelsWork()
        try await killer.begin(point, of: courier)
        try await bed.deliver("d", spec(report))
        try await eventually("it is killed, or done", within: .seconds(60)) {
            if try await killer.standing().hasFired { return true }
            return try await bed.delivery("d")?.status?.phase?.isTerminal == true
        }
        let (seen, hasFired) = try await killer.standing()
        try await killer.disarm()
        let next = hasFired ? try bed.courier(uri: uri, options: options) : nil
        defer { next?.end() }
        let done = try await bed.waitForEnd(of: "d", within: .seconds(120))
        #expect(
            done.status?.phase == .delivered,
            "\(point.map { "\($0)" } ?? "undisturbed"): \(done.status?.message ?? "") \(next?.log.suffix(1000) ?? "")")
        try await check(done, report)
        return point == nil ? seen : hasFired ? 1 : 0
    }
}
