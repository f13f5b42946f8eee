import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportClient

struct LogOrderTests {
    private let request = ReportRequest.fixture(.diamond).started()

    private func pod(_ stage: String, at seconds: Int64 = 0, name: String? = nil) -> Pod {
        Pod.fixture(of: request, stage: stage, at: .start.after(seconds)).named(name ?? stage)
    }

    private func order() -> LogOrder { LogOrder(PipelineSpec.diamond.stages) }

    @Test func whatRanOneAfterTheOtherIsReadSo() {
        var order = order()
        let pods = ["publish", "check-b", "check-a", "extract"].map { pod($0).succeeded() }
        #expect(order.next(pods).map(\.metadata.name) == ["extract"])
        #expect(order.next(pods).isEmpty)
        order.finish("extract")
        #expect(Set(order.next(pods).map(\.metadata.name)) == ["check-a", "check-b"])
        order.finish("check-a")
        #expect(order.next(pods).isEmpty)
        order.finish("check-b")
        #expect(order.next(pods).map(\.metadata.name) == ["publish"])
        order.finish("publish")
        #expect(order.next(pods).isEmpty && order.reading.isEmpty)
    }

    @Test func aPodThatHasNotStartedIsWaitedFor() {
        var order = order()
        #expect(order.next([pod("extract").waiting("ContainerCreating")]).isEmpty)
        #expect(order.next([pod("extract").running()]).map(\.metadata.name) == ["extract"])
        #expect(order.next([pod("extract").running()]).isEmpty)
    }

    @Test func aRetriedPodComesAfterItsForerunner() {
        var order = order()
        let pods = [pod("extract", at: 9, name: "a").running(), pod("extract", at: 1, name: "b").failed(exitCode: 1)]
        #expect(order.next(pods).map(\.metadata.name) == ["b"])
        order.finish("b")
        #expect(order.next(pods).map(\.metadata.name) == ["a"])
    }
}
