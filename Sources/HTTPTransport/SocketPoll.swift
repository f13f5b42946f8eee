import AsyncSupport
internal import CCurl
import Glibc

/// The sockets that a thread waits for: one look costs the same however many there are.
///
/// Belongs to one thread, save its `waker`.
final class SocketPoll {
    struct Interest: OptionSet {
        let rawValue: UInt32

        static let readable = Interest(rawValue: EPOLLIN.rawValue)
        static let writable = Interest(rawValue: EPOLLOUT.rawValue)
    }

    private let poll: CInt
    private let wakeUp: CInt
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    init() {
        poll = epoll_create1(CInt(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(poll >= 0 && wakeUp >= 0, "No file descriptors are left")
        set(wakeUp, .readable)
    }

    deinit {
        close(poll)
        close(wakeUp)
    }

    /// Interrupts `wait` from any thread, for as long as this object lives.
    var waker: PollWaker { PollWaker(descriptor: wakeUp) }

    /// Says what is to be heard of a socket; nil: nothing any more.
    func set(_ descriptor: CInt, _ interest: Interest?) {
        guard let interest else {
            // One that is closed already has left by itself.
            epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, nil)
            return
        }
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.fd = descriptor
        if epoll_ctl(poll, EPOLL_CTL_MOD, descriptor, &event) != 0 {
            let result = epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event)
            precondition(result == 0, "The kernel doesn't watch the socket")
        }
    }

    /// Sleeps until one of the sockets has news, the waker calls, or the time is over; nil: for ever. `heard` is told of
    /// each socket that has news; one that is broken is both readable and writable, and says so when it is tried.
    func wait(atMost limit: Duration?, _ heard: (CInt, _ isReadable: Bool, _ isWritable: Bool) -> Void) {
        let count = epoll_wait(poll, &events, CInt(events.count), limit.map { CInt($0.wholeMilliseconds) } ?? -1)
        guard count > 0 else { return }
        for event in events[..<Int(count)] {
            if event.data.fd == wakeUp {
                var calls: UInt64 = 0
                read(wakeUp, &calls, MemoryLayout.size(ofValue: calls))
                continue
            }
            let isBroken = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
            heard(
                event.data.fd, isBroken || event.events & EPOLLIN.rawValue != 0,
                isBroken || event.events & EPOLLOUT.rawValue != 0)
        }
    }
}

/// Interrupts a poll's sleep. It must be given up before the poll is released.
struct PollWaker: Sendable {
    fileprivate let descriptor: CInt

    func wake() {
        var one: UInt64 = 1
        write(descriptor, &one, MemoryLayout.size(ofValue: one))
    }
}
