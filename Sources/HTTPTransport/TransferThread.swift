internal import CCurl
import Glibc
import Logging

/// The thread of a loop.
enum TransferThread {
    private final class Start {
        let mailbox: TransferMailbox
        let configuration: HTTPTransportConfiguration
        let logger: Logger

        init(mailbox: TransferMailbox, configuration: HTTPTransportConfiguration, logger: Logger) {
            self.mailbox = mailbox
            self.configuration = configuration
            self.logger = logger
        }
    }

    /// Starts a thread that carries out what the mailbox gets, and ends once it is closed.
    static func start(mailbox: TransferMailbox, configuration: HTTPTransportConfiguration, logger: Logger) {
        // The new thread inherits the mask: signals go to threads that expect them, and writing to a closed
        // socket does not end the process.
        var every = sigset_t()
        var previous = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

        let start = Unmanaged.passRetained(Start(mailbox: mailbox, configuration: configuration, logger: logger))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                ccurl_name_thread("http-transport")
                TransferLoop(mailbox: start.mailbox, configuration: start.configuration, logger: start.logger).run()
                return nil
            },
            start.toOpaque()
        )
        precondition(result == 0, "No thread for the HTTP transport")
        pthread_detach(thread)
    }
}
