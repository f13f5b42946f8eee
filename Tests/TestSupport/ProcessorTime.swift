import Glibc

/// What something costs, whatever else the machine does meanwhile.
package enum ProcessorTime {
    /// How long the calling thread has had a processor.
    package static var ofThisThread: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
