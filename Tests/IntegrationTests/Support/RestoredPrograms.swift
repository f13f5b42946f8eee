import ClusterSupport
import Foundation
import LoopbackSupport
import ServiceSupport
import Synchronization
import Testing

/// An operator, a courier and a gateway on a cluster that is set back under them.
final class RestoredPrograms: Sendable {
    private struct State {
        var operators: [OperatorProcess] = []
        var couriers: [CourierProcess] = []
        var gateways: [GatewayProcess] = []
    }

    private let bed: DeliveryBed
    private let uriFile: URL
    private let state = Mutex(State())

    init(_ bed: DeliveryBed) throws {
        self.bed = bed
        uriFile = bed.folder.appending(path: "uri")
        try Data(try bed.outside.services.value("MONGODB_URI").utf8).write(to: uriFile)
    }

    // A leader would end by itself where the server is away for ten seconds.
    func startOperator() async throws {
        let process = try OperatorProcess(
            namespace: bed.namespace, "--leader-election", "off", "--mongodb-uri-file", uriFile.path,
            "--courier-namespace", bed.courierNamespace,
            environment: bed.cluster.kubeconfig.map { ["KUBECONFIG": $0] } ?? [:])
        state.withLock { $0.operators.append(process) }
    }

    func startCourier() throws {
        let process = try bed.courier("--leader-election", "off")
        state.withLock { $0.couriers.append(process) }
    }

    func startGateway() async throws {
        let process = try GatewayProcess(
            kubeconfig: bed.cluster.kubeconfig, uri: try bed.outside.services.value("MONGODB_READER_URI"),
            options: ["--courier-namespace", bed.courierNamespace])
        state.withLock { $0.gateways.append(process) }
        try await process.waitUntilServing()
    }

    /// Each says why, and ends, for its pod to start over.
    func waitUntilAllHaveEnded() async throws {
        let all = state.withLock { $0 }
        try await eventually("operator, courier and gateway end", within: .seconds(180), every: .milliseconds(100)) {
            !all.operators.contains(where: \.isRunning) && !all.couriers.contains(where: \.isRunning)
                && !all.gateways.contains(where: \.isRunning)
        }
        for log in all.operators.map(\.log) + all.couriers.map(\.log) + all.gateways.map(\.log) {
            #expect(log.contains("The cluster was set back"), "\(log.suffix(3000))")
        }
    }

    func tell() {
        let all = state.withLock { $0 }
        for process in all.operators { print("An operator:\n\(process.log.suffix(6000))") }
        for process in all.couriers { print("A courier:\n\(process.log.suffix(6000))") }
        for process in all.gateways { print("A gateway:\n\(process.log.suffix(6000))") }
    }

    func end() async {
        let all = state.withLock { $0 }
        for process in all.operators {
            await process.crash()
            try? FileManager.default.removeItem(at: process.logFile)
        }
        for process in all.couriers { process.end() }
        for process in all.gateways { process.end() }
    }
}
