import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayServer

/// Who takes nothing of what waits for her is cut off, however long she would wait.
struct StalledReaderTests {
    @Test func whoTakesNothingIsCutOff() throws {
        let channel = try Self.channel()
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func whoIsSlowIsNot() throws {
        let channel = try Self.channel()
        for _ in 1...5 {
            for isWritable in [false, true] {
                channel.isWritable = isWritable
                channel.pipeline.fireChannelWritabilityChanged()
                channel.embeddedEventLoop.advanceTime(by: .seconds(59))
            }
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(3600))
        #expect(channel.isActive)
    }

    private static func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: StalledReaderHandler())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }
}
