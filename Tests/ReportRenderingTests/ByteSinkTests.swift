import Glibc
import Testing

@testable import ReportRendering

struct ByteSinkTests {
    @Test func aFullDiskIsAnError() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(throws: RenderError.self) {
            var sink = ByteSink(descriptor: descriptor)
            try sink.write("a")
            try sink.flush()
        }
    }
}
