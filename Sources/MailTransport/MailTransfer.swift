internal import CCurl
import MailMessages
import NetworkAddresses

/// What one transfer gives to libcurl and gets from it.
final class MailTransfer {
    var log = ReplyLog()
    var reader: MessageReader?
    var readFault: MessageReader.Fault?
    /// Whether we didn't begin the message: the server hasn't let us in.
    var lacksAuthentication = false
    /// Whether the caller didn't want it any more.
    var isStopped = false
    /// Whether a message may only go to a server that knows who we are.
    var needsAuthentication = false
    /// Asked before the message begins.
    var mayBegin: @Sendable () -> Bool = { true }
    /// Asked until the whole message is out.
    var isCancelled: @Sendable () -> Bool = { false }
    var addressRule = AddressRule.any
    /// Why no connection was tried, of the last address that the rule forbids.
    var addressObstacle: String?
    private var hasBegun = false
    private var isRead = false

    /// Before each transfer.
    func start(_ message: MailMessage?) {
        log.startTransfer()
        reader = message.map { MessageReader($0.encoded()) }
        addressObstacle = nil
        (readFault, lacksAuthentication, isStopped, hasBegun, isRead) = (nil, false, false, false, false)
    }

    /// As many bytes as there are, 0 at the end; nil ends the transfer.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if !hasBegun {
            guard !needsAuthentication || log.isAuthenticated else {
                lacksAuthentication = true
                return nil
            }
            guard mayBegin() else {
                isStopped = true
                return nil
            }
            hasBegun = true
        }
        switch Result(catching: { () throws(MessageReader.Fault) in try reader?.read(into: buffer) ?? 0 }) {
        case .success(let count):
            if count == 0 { isRead = true }
            return count
        case .failure(let fault):
            readFault = fault
            return nil
        }
    }

    /// Whether the transfer is to go on.
    func mayGoOn() -> Bool {
        guard !isRead, isCancelled() else { return true }
        isStopped = true
        return false
    }
}
