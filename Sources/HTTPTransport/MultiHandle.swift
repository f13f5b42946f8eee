internal import CCurl

/// Owns a libcurl multi handle. Every call belongs to one thread, save those of its `waker`.
struct MultiHandle: ~Copyable {
    private let raw: UnsafeMutableRawPointer

    /// Where the sockets of its connections are reported; the last of them are when this handle is released.
    let sockets = SocketRegistry()

    init() {
        CurlGlobal.initialize()
        guard let raw = curl_multi_init() else { preconditionFailure("Out of memory") }
        self.raw = raw
    }

    deinit {
        curl_multi_cleanup(raw)
    }

    /// Interrupts `poll` from any thread, for as long as this handle lives.
    var waker: MultiWaker { MultiWaker(borrowing: raw) }

    /// How many connections may be open before idle ones are closed; those in use count.
    func setConnectionLimit(_ limit: Int) {
        ccurl_multi_set_long(raw, CURLMOPT_MAXCONNECTS, limit)
    }

    func add(_ easy: EasyHandle) -> CURLMcode {
        curl_multi_add_handle(raw, easy.raw)
    }

    /// Takes a handle out. If its transfer is under way, that closes its connection.
    func remove(_ easy: EasyHandle) {
        curl_multi_remove_handle(raw, easy.raw)
    }

    /// Does what can be done without waiting; callbacks run in here.
    func perform() {
        var running: CInt = 0
        curl_multi_perform(raw, &running)
    }

    /// The next transfer that libcurl has done with.
    func nextCompletion() -> (easy: UnsafeMutableRawPointer, result: CURLcode)? {
        var left: CInt = 0
        while let message = curl_multi_info_read(raw, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            return (easy, ccurl_message_result(message))
        }
        return nil
    }

    /// Sleeps until there is something to read or write, one of libcurl's own timers is due, the waker calls,
    /// or the time is over.
    func poll(milliseconds: CInt) {
        curl_multi_poll(raw, nil, 0, milliseconds, nil)
    }
}

/// Interrupts a multi handle's sleep. It must be given up before the handle is released.
// Unchecked: curl_multi_wakeup is the one function of a multi handle that any thread may call.
struct MultiWaker: @unchecked Sendable {
    private let raw: UnsafeMutableRawPointer

    init(borrowing raw: UnsafeMutableRawPointer) {
        self.raw = raw
    }

    func wake() {
        curl_multi_wakeup(raw)
    }
}

/// libcurl's state for the whole process.
enum CurlGlobal {
    /// Initialises libcurl, once however often and from wherever it is called.
    ///
    /// There is no `curl_global_cleanup`: other users of the library may be alive in this process.
    static func initialize() {
        precondition(result == CURLE_OK, "libcurl cannot be initialised")
    }

    // A static is initialised once, under a lock: curl_global_init must not run twice at a time.
    private static let result = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}
