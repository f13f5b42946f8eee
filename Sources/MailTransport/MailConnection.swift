internal import CCurl
import Glibc
import MailMessages
import NetworkAddresses

/// Owns one libcurl handle, and with it the connection that libcurl keeps from one message to the next.
///
/// Every call blocks; one thread at a time.
final class MailConnection: @unchecked Sendable {
    // @unchecked: it passes from thread to thread, and is used by one of them at a time.
    private let raw: UnsafeMutableRawPointer
    private let errorBuffer: UnsafeMutablePointer<CChar>
    private let transfer = MailTransfer()

    /// A setting that libcurl turned down.
    private struct SetupFailure: Error {
        var code: CURLcode
    }

    /// What libcurl says of a transfer, and the server.
    struct Report {
        var code: CURLcode
        var message: String
        var uploaded: Int
        var isReused: Bool
    }

    init() {
        guard let raw = curl_easy_init() else { preconditionFailure("Out of memory") }
        self.raw = raw
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    // Says QUIT to the server, and waits for its answer.
    deinit {
        curl_easy_cleanup(raw)
        errorBuffer.deallocate()
    }

    /// One try, and a second at once where the kept connection turns out to be dead.
    func perform(_ job: MailJob) -> MailOutcome {
        var report = attempt(job, isFresh: false)
        if report.isReused, report.uploaded == 0, isDead(report) { report = attempt(job, isFresh: true) }
        return OutcomeRules.outcome(of: report, transfer, size: job.message == nil ? nil : transfer.reader?.size)
    }

    private func isDead(_ report: Report) -> Bool {
        guard transfer.readFault == nil, !transfer.isStopped else { return false }
        let reply = transfer.log.lastNegative?.code
        switch report.code {
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_WEIRD_SERVER_REPLY:
            return reply == nil && !transfer.log.askedForMessage || reply == 421
        default: return false
        }
    }

    private func attempt(_ job: MailJob, isFresh: Bool) -> Report {
        curl_easy_reset(raw)
        errorBuffer[0] = 0
        transfer.start(job.message)
        transfer.needsAuthentication = job.credentials != nil
        transfer.mayBegin = job.mayBegin
        transfer.addressRule = job.server.addressRule
        transfer.isCancelled = job.isCancelled
        // Borrowed by libcurl until the transfer ends.
        let recipient = job.message.flatMap { curl_slist_append(nil, "<\($0.recipient.address)>") }
        defer { curl_slist_free_all(recipient) }
        let left = job.deadline - .now
        guard left > .milliseconds(1) else {
            return Report(code: CURLE_OPERATION_TIMEDOUT, message: "The time was over", uploaded: 0, isReused: false)
        }
        let code: CURLcode
        switch Result(catching: { () throws(SetupFailure) in try configure(job, recipient, left, isFresh) }) {
        case .success: code = curl_easy_perform(raw)
        case .failure(let failure): code = failure.code
        }
        let words = errorBuffer[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorBuffer)
        return Report(
            code: code, message: ReplyLog.words(words),
            uploaded: Int(ccurl_easy_offset_info(raw, CURLINFO_SIZE_UPLOAD_T)),
            isReused: !isFresh && ccurl_easy_long_info(raw, CURLINFO_NUM_CONNECTS) == 0)
    }

    private func configure(
        _ job: MailJob, _ recipient: UnsafeMutablePointer<curl_slist>?, _ left: Duration, _ isFresh: Bool
    ) throws(SetupFailure) {
        try check(ccurl_easy_set_pointer(raw, CURLOPT_ERRORBUFFER, errorBuffer))
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_URL, job.server.url)
        try set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        // None, whatever the environment says.
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        let milliseconds = Int(left / .milliseconds(1))
        try set(CURLOPT_TIMEOUT_MS, milliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 30_000))
        if isFresh { try set(CURLOPT_FRESH_CONNECT, 1) }
        try configureTLS(job.server)
        switch job.credentials {
        case nil: break
        case .password(let user, let password):
            try set(CURLOPT_USERNAME, user)
            try set(CURLOPT_PASSWORD, password)
        case .bearer(let user, let token):
            try set(CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2")
            try set(CURLOPT_USERNAME, user)
            try set(CURLOPT_XOAUTH2_BEARER, token)
        }
        try setCallbacks()
        guard let message = job.message else {
            try set(CURLOPT_CUSTOMREQUEST, "NOOP")
            try set(CURLOPT_NOBODY, 1)
            return
        }
        try set(CURLOPT_MAIL_FROM, "<\(message.from.address)>")
        try check(ccurl_easy_set_list(raw, CURLOPT_MAIL_RCPT, recipient))
        try set(CURLOPT_UPLOAD, 1)
        try check(ccurl_easy_set_offset(raw, CURLOPT_INFILESIZE_LARGE, curl_off_t(transfer.reader?.size ?? 0)))
    }

    private func configureTLS(_ server: MailServer) throws(SetupFailure) {
        switch server.security {
        case .none: break
        // "Try" would go on in clear text.
        case .startTLS, .implicitTLS: try set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        }
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authorities = server.authorities {
            try set(authorities, path: CURLOPT_CAINFO, blob: CURLOPT_CAINFO_BLOB)
            // The system's folder of authorities isn't meant then.
            try set(CURLOPT_CAPATH, nil)
        }
        if let own = server.clientCertificate {
            try set(own.certificate, path: CURLOPT_SSLCERT, blob: CURLOPT_SSLCERT_BLOB)
            try set(own.privateKey, path: CURLOPT_SSLKEY, blob: CURLOPT_SSLKEY_BLOB)
        }
    }

    private func setCallbacks() throws(SetupFailure) {
        let me = Unmanaged.passUnretained(transfer).toOpaque()
        try check(ccurl_easy_set_pointer(raw, CURLOPT_HEADERDATA, me))
        try check(
            ccurl_easy_set_transfer_callback(raw, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                MailTransfer.at(me)?.log.append(line: String(decoding: line, as: UTF8.self))
                return size * count
            })
        // A server's answer to a check is no news, and libcurl would print it.
        try check(
            ccurl_easy_set_transfer_callback(raw, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count })
        try check(ccurl_easy_set_pointer(raw, CURLOPT_READDATA, me))
        try check(
            ccurl_easy_set_transfer_callback(raw, CURLOPT_READFUNCTION) { bytes, size, count, me in
                let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return MailTransfer.at(me)?.read(into: buffer) ?? Int(CURL_READFUNC_ABORT)
            })
        if transfer.addressRule != .any {
            try check(ccurl_easy_set_pointer(raw, CURLOPT_OPENSOCKETDATA, me))
            try check(
                ccurl_easy_set_open_callback(raw) { me, _, address in
                    address.flatMap { MailTransfer.at(me)?.openSocket(to: $0) } ?? -1
                })
        }
        try set(CURLOPT_NOPROGRESS, 0)
        try check(ccurl_easy_set_pointer(raw, CURLOPT_XFERINFODATA, me))
        try check(
            ccurl_easy_set_progress_callback(raw) { me, _, _, _, _ in
                MailTransfer.at(me)?.mayGoOn() == false ? 1 : 0
            })
    }

    private func set(_ option: CURLoption, _ value: Int) throws(SetupFailure) {
        try check(ccurl_easy_set_long(raw, option, value))
    }

    private func set(_ option: CURLoption, _ value: String?) throws(SetupFailure) {
        try check(ccurl_easy_set_string(raw, option, value))
    }

    private func set(_ pem: MailServer.PEM, path: CURLoption, blob: CURLoption) throws(SetupFailure) {
        switch pem {
        case .file(let file): try set(path, file)
        case .bytes(let bytes):
            try check(bytes.withUnsafeBytes { ccurl_easy_set_blob(raw, blob, $0.baseAddress, $0.count) })
        }
    }

    private func check(_ code: CURLcode) throws(SetupFailure) {
        guard code == CURLE_OK else { throw SetupFailure(code: code) }
    }
}

extension MailTransfer {
    static func at(_ pointer: UnsafeMutableRawPointer?) -> MailTransfer? {
        pointer.map { Unmanaged<MailTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// -1 where there is none to be had, or the connection may not lead there; libcurl then tries the next address.
    fileprivate func openSocket(to address: UnsafePointer<curl_sockaddr>) -> CInt {
        // The structure's last member is as long as the address is, which its type doesn't say.
        let start = UnsafeRawPointer(address) + (MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 16)
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(address.pointee.addrlen))
        if let obstacle = addressRule.obstacle(toSocketAddress: bytes) {
            addressObstacle = obstacle
            return -1
        }
        let (family, type, number) = (address.pointee.family, address.pointee.socktype, address.pointee.protocol)
        return socket(family, type | CInt(SOCK_CLOEXEC.rawValue), number)
    }
}

/// One message to send, or nil for a look at whether it could be.
struct MailJob: Sendable {
    var server: MailServer
    var credentials: MailServer.Credentials?
    var message: MailMessage?
    var deadline: ContinuousClock.Instant
    var mayBegin: @Sendable () -> Bool
    var isCancelled: @Sendable () -> Bool
}
