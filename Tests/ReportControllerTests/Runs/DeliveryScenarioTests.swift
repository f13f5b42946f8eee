import KubernetesModel
import ReportAPI
import TestSupport
import Testing

/// Runs that send something, and runs that send nothing, on an API server in this process.
struct DeliveryScenarioTests {
    private static func script(_ channels: [ReportChannel]?) -> SimulatedCluster.Script {
        var script = SimulatedCluster.Script()
        script.hasStore = true
        script.channels = channels
        return script
    }

    private static let delivering = PipelineSpec.chain("extract", "load").with { pipeline in
        pipeline.deliver = [DeliverSpec(channel: "mail", to: ["dana@example.com"]), DeliverSpec(channel: "archive")]
    }

    @Test func everyScenarioThatSendsEndsAndBreaksNothing() async {
        for scenario in Scenario.sending(seed: 3) {
            let cluster = await scenario.run()
            #expect(cluster.violations == [], "\(scenario)")
            #expect(scenario.isOver(cluster, after: cluster.steps), "\(scenario)")
        }
    }

    /// The operator dies after each of its writes, and another one takes over.
    @Test(arguments: Scenario.sending(seed: 6).filter { $0.pipeline.stages.count == 1 })
    func noCrashLosesADeliveryOrMakesItTwice(scenario: Scenario) async {
        var crashes: [SimulatedCluster] = []
        let end = await scenario.run { crashes.append($0) }
        #expect(!crashes.isEmpty)
        for (index, crash) in crashes.enumerated() {
            var cluster = crash
            var restarted = SimulatedOperator(on: cluster)
            await scenario.finish(&cluster, &restarted)
            #expect(cluster.violations == [], "crash after write \(index)")
            let (made, expected) = (cluster.deliveryNames, end.deliveryNames)
            #expect(made == expected, "crash after write \(index)")
        }
    }

    /// On watches that lag behind, with an operator that ends after some of its writes.
    @Test(arguments: Scenario.sending(seed: 5).filter { $0.pipeline.stages.count == 1 && !$0.isMeddledWith })
    func staleObservationsAndCrashesDoNoHarm(scenario: Scenario) async {
        var random = SeededGenerator(seed: 5)
        for byte in scenario.description.utf8 { random.mix(byte) }
        var cluster = scenario.cluster
        var simulated = SimulatedOperator(on: cluster)
        for step in 0..<Scenario.steps {
            scenario.happen(in: cluster, before: step)
            for _ in 0..<Int(random.next() % 4) {
                let lag = Lag(
                    requests: Int(random.next() % 6), jobs: Int(random.next() % 16), pods: Int(random.next() % 16),
                    deliveries: Int(random.next() % 16))
                let crashes = random.next() % 8 == 0
                await simulated.pass(&cluster, lag: lag, writes: crashes ? Int(random.next() % 3) : .max)
                if crashes { simulated = SimulatedOperator(on: cluster) }
            }
            cluster.step()
            if scenario.isOver(cluster, after: step), step % 16 == 0 { break }
        }
        await scenario.finish(&cluster, &simulated)
        #expect(cluster.violations == [])
        #expect(scenario.isOver(cluster, after: cluster.steps))
    }

    @Test func deliveriesCostTheirCreationAndTwoWritesAndChangeNoPhase() async {
        let with = await Scenario("delivers", Self.delivering, Self.script([.mail(), .folder()])).run()
        let without = await Scenario("has no courier", .chain("extract", "load"), Self.script(nil)).run()
        // That they are made may be written along with that the run is recorded.
        #expect((3...4).contains(with.server.state.writes - without.server.state.writes))
        #expect(with.deliveryNames.count == 2)
        let (status, other) = (with.request(Scenario.uid)?.status, without.request(Scenario.uid)?.status)
        #expect(status?.transitions == other?.transitions)
        #expect(status?.completedAt == other?.completedAt)
        #expect(status?.message == other?.message)
        #expect(status?.condition(.delivered)?.isTrue == true)
    }

    @Test func runsThatSendNothingCostNotOneWriteMore() async {
        for pipeline in [PipelineSpec.chain("extract", "load"), .diamond] {
            let with = await Scenario("has a courier", pipeline, Self.script([.mail(isDefault: true)])).run()
            let without = await Scenario("has no courier", pipeline, Self.script(nil)).run()
            #expect(with.server.state.writes == without.server.state.writes)
            #expect(with.server.all(ReportDelivery.self).isEmpty)
            #expect(with.request(Scenario.uid)?.status?.condition(.delivered) == nil)
        }
    }

    /// They ended under a release that knew no deliveries; now there is a default channel for every run.
    @Test func nothingGoesOutOfWhatHadEndedBefore() async {
        let script = Self.script([.folder(isDefault: true), .mail(isDefault: true)])
        var cluster = SimulatedCluster(script: script)
        for channel in script.channels ?? [] { try? cluster.server.insert(channel) }
        for number in 0..<200 {
            var request = ReportRequest.fixture(.chain("a"), name: "r\(number)", uid: "uid-\(number)")
                .started().ended(number % 2 == 0 ? .succeeded : .failed)
            if number % 5 == 0 { request = request.status { $0.accepted = nil } }
            request.metadata.resourceVersion = ""
            cluster.submit(request)
        }
        var simulated = SimulatedOperator(on: cluster)
        for _ in 0..<6 {
            await simulated.settle(&cluster)
            cluster.step()
        }
        #expect(cluster.server.all(ReportDelivery.self).isEmpty)
        #expect(cluster.server.all(ReportRequest.self).allSatisfy { $0.status?.condition(.delivered) == nil })
    }
}

extension SimulatedCluster {
    /// All that were ever made.
    fileprivate var deliveryNames: [String] {
        server.state.events.filter { $0.resource == ReportDelivery.resourceKind.qualifiedName && $0.change == .added }
            .map(\.object.key.name).sorted()
    }
}
