internal import CCurl
import Glibc

/// Owns a libcurl multi handle. Every call belongs to one thread, save those of its `waker`.
///
/// Only what a socket or a timer has news for is looked at, so that a frame of one watch costs the same however many
/// connections are open beside it: `curl_multi_perform` would try to read from each of them.
final class MultiHandle {
    private let raw: UnsafeMutableRawPointer
    private let sleep = SocketPoll()
    /// When libcurl wants to be called though no socket has news; nil: not at all.
    private var due: ContinuousClock.Instant?

    /// Where the sockets of its connections are reported; the last of them are when this handle is released.
    let sockets = SocketRegistry()

    init() {
        CurlGlobal.initialize()
        guard let raw = curl_multi_init() else { preconditionFailure("Out of memory") }
        self.raw = raw
        let me = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_pointer(raw, CURLMOPT_SOCKETDATA, me)
        ccurl_multi_set_socket_callback(raw) { _, descriptor, what, me, _ in
            MultiHandle.at(me)?.sleep.set(descriptor, .of(what))
            return 0
        }
        ccurl_multi_set_pointer(raw, CURLMOPT_TIMERDATA, me)
        ccurl_multi_set_timer_callback(raw) { _, milliseconds, me in
            MultiHandle.at(me)?.due = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
            return 0
        }
    }

    deinit {
        curl_multi_cleanup(raw)
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?) -> MultiHandle? {
        pointer.map { Unmanaged<MultiHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Interrupts `wait` from any thread, for as long as this handle lives.
    var waker: PollWaker { sleep.waker }

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

    /// Does what libcurl's own timers ask for, such as to begin what was added; callbacks run in here.
    func performDue() {
        guard let due, due <= .now else { return }
        // First, since libcurl sets the next one meanwhile.
        self.due = nil
        act(on: CURL_SOCKET_TIMEOUT, 0)
    }

    /// Looks at every transfer, whether there is news of it or not; callbacks run in here.
    func performAll() {
        var running: CInt = 0
        ccurl_multi_socket_all(raw, &running)
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

    /// Sleeps until there is something to read or write, one of libcurl's own timers is due, the waker calls, or the time
    /// is over; then has what there is read and written. Callbacks run in here.
    func wait(atMost limit: Duration?) {
        var limit = limit
        if let due {
            let left = due - .now
            limit = min(limit ?? left, left)
        }
        sleep.wait(atMost: limit) { descriptor, isReadable, isWritable in
            let readable = isReadable ? CURL_CSELECT_IN : 0
            let writable = isWritable ? CURL_CSELECT_OUT : 0
            act(on: descriptor, readable | writable)
        }
    }

    private func act(on descriptor: curl_socket_t, _ events: CInt) {
        var running: CInt = 0
        curl_multi_socket_action(raw, descriptor, events, &running)
    }
}

extension SocketPoll.Interest {
    /// What libcurl wants to hear of a socket; nil: nothing any more.
    fileprivate static func of(_ what: CInt) -> SocketPoll.Interest? {
        switch what {
        case CURL_POLL_IN: [.readable]
        case CURL_POLL_OUT: [.writable]
        case CURL_POLL_INOUT: [.readable, .writable]
        default: nil
        }
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
