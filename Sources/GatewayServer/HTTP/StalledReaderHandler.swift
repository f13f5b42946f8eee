internal import NIOCore

/// Closes a connection whose other end takes nothing of what waits for it. Nothing else would: the writer waits for room,
/// as long as that takes, and holds a place, a file of the record or a stream of events meanwhile.
final class StalledReaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    /// What is read within is half of what a channel holds, some ten kilobytes: the slowest of lines does that.
    static let patience: TimeAmount = .seconds(60)

    private let patience: TimeAmount
    private var closing: Scheduled<Void>?

    init(patience: TimeAmount = StalledReaderHandler.patience) { self.patience = patience }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
        if !context.channel.isWritable {
            let channel = context.channel
            closing = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
    }
}
