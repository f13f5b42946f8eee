import Foundation
import JSONReading
import KubernetesModel
import Testing

/// What reading costs: linear in the bytes, whatever their shape. `REPORT_OPERATOR_FIGURES=1` prints milliseconds a megabyte and asks
/// for less than 20, which means something in a release build on a machine that does nothing else.
@Suite(.serialized) struct CostTests {
    /// This thread's processor time in milliseconds.
    private var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    /// The least of several, so that what else the machine does counts little.
    private func time(_ shape: CostShape, bytes: Int, times: Int = 3) -> (
        milliseconds: Double, bytes: Int, isRead: Bool
    ) {
        let data = Data(shape.text(bytes).utf8)
        var isRead = false
        let milliseconds = (0..<times).map { _ in
            let start = processorTime
            isRead = shape.reading.read(data)
            return processorTime - start
        }.min()
        return (milliseconds ?? 0, data.count, isRead)
    }

    /// A square would make it sixteen times as long. What is read is read at both lengths: more would be refused for its bytes.
    @Test(arguments: CostShape.all) func fourTimesTheBytesTakeAboutFourTimesTheTime(shape: CostShape) {
        let (small, large) = shape.isRead ? (20_000, 80_000) : (100_000, 400_000)
        // Once more where something else came between.
        let ratios = (0..<4).lazy.map { _ in
            time(shape, bytes: large).milliseconds / time(shape, bytes: small).milliseconds
        }
        #expect(ratios.contains { $0 < 11 }, "\(shape)")
    }

    /// So that the times are those of what they are called.
    @Test(arguments: CostShape.all) func eachShapeIsReadOrRefusedAsItSays(shape: CostShape) {
        // At six bytes each no more members than one object may have, and at two more values.
        let bytes = shape.isRead ? 95_000 : 100_000
        #expect(time(shape, bytes: bytes, times: 1).isRead == shape.isRead, "\(shape)")
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["REPORT_OPERATOR_FIGURES"] != nil))
    func figures() {
        for shape in CostShape.all {
            let figures = [10_000, 100_000, 1_000_000].map { bytes in
                let taken = time(shape, bytes: bytes, times: max(5, 5_000_000 / bytes))
                let figure = taken.milliseconds / Double(taken.bytes) * 1e6
                #expect(figure < 20, "\(shape), \(bytes) bytes")
                return "\(String(format: "%.1f", figure)) \(taken.isRead ? "read" : "refused")"
            }
            print("\(shape): \(figures.joined(separator: ", ")) (ms/MB of 10 kB, of 100 kB, of 1 MB)")
        }
    }
}
