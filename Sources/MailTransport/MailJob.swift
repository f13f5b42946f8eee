import MailMessages

/// One message to send, or nil for a look at whether it could be.
struct MailJob: Sendable {
    var server: MailServer
    var credentials: MailServer.Credentials?
    var message: MailMessage?
    var deadline: ContinuousClock.Instant
    var mayBegin: @Sendable () -> Bool
    var isCancelled: @Sendable () -> Bool
}
