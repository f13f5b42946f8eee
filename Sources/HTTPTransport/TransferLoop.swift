import AsyncSupport
internal import CCurl
import Logging

/// Carries transfers out: one multi handle, driven by one thread, which sleeps when there is nothing to do.
///
/// Made, used and released on that thread; others talk to it through its mailbox.
final class TransferLoop {
    private let multi = MultiHandle()
    private let mailbox: TransferMailbox
    private let preparation: RequestPreparation
    private let maxIdleConnections: Int
    private let logger: Logger
    private var active: [ObjectIdentifier: ActiveTransfer] = [:]
    private var spareHandles: [EasyHandle] = []

    private static let connectingPause = Duration.milliseconds(100)

    // A few are enough for requests in a row; more would only hold memory after a burst.
    private static let maxSpareHandles = 4

    init(mailbox: TransferMailbox, configuration: HTTPTransportConfiguration, logger: Logger) {
        self.mailbox = mailbox
        preparation = RequestPreparation(configuration)
        maxIdleConnections = max(1, configuration.maxIdleConnections)
        self.logger = logger
    }

    /// Works until the mailbox is closed.
    func run() {
        mailbox.setWaker(multi.waker)
        while obeyCommands() {
            multi.performDue()
            finishCompleted()
            let next = failLate()
            trimIdleConnections()
            // Where the first address of a host fails, libcurl (until 8.4) goes on to the next one only when it looks at the transfer
            // again, and sets no timer for that.
            let isConnecting = active.values.contains { !$0.isConnected }
            multi.wait(atMost: isConnecting ? min(next ?? Self.connectingPause, Self.connectingPause) : next)
            if isConnecting { multi.performAll() }
            finishCompleted()
        }
        mailbox.setWaker(nil)
        for entry in active.values {
            finish(entry, .shutdown(url: entry.transfer.request.url, mayHaveReachedServer: entry.isConnected))
        }
    }

    private func obeyCommands() -> Bool {
        let (commands, isClosed) = mailbox.take()
        for command in commands {
            switch command {
            case .start(let transfer):
                if isClosed { transfer.ended(.shutdown(url: transfer.request.url)) } else { start(transfer) }
            case .abort(let transfer):
                if let entry = active[ObjectIdentifier(transfer)] { release(entry) }
            case .closeIdleConnections:
                closeIdleConnections()
            }
        }
        return !isClosed
    }

    private func start(_ transfer: Transfer) {
        let entry = ActiveTransfer(
            transfer, easy: spareHandles.popLast() ?? EasyHandle(), sockets: multi.sockets,
            addressRule: preparation.addressRule)
        do {
            try preparation.apply(transfer.request, to: entry.easy)
            try setCallbacks(of: entry)
        } catch {
            recycle(entry.easy)
            transfer.ended(error)
            return
        }
        active[ObjectIdentifier(transfer)] = entry
        multi.setConnectionLimit(maxIdleConnections + active.count)
        let result = multi.add(entry.easy)
        precondition(result == CURLM_OK, "libcurl does not take the transfer")
    }

    private func setCallbacks(of entry: ActiveTransfer) throws(HTTPError) {
        do {
            try entry.setCallbacks()
        } catch {
            throw HTTPError(
                curl: error.code, message: entry.easy.message(for: error.code), url: entry.transfer.request.url,
                isConnected: false)
        }
    }

    private func finishCompleted() {
        while let (easy, code) = multi.nextCompletion() {
            guard let entry = ActiveTransfer.borrowed(from: easy) else { continue }
            finish(entry, entry.error(for: code))
        }
    }

    /// How long it is until something is late; nil where nothing can be.
    private func failLate() -> Duration? {
        guard !active.isEmpty else { return nil }
        let now = ContinuousClock.now
        var next: ContinuousClock.Instant?
        for entry in active.values {
            guard let phase = entry.deadlines.expired(at: now) else {
                next = [next, entry.deadlines.next?.instant].compactMap(\.self).min()
                continue
            }
            let limit = entry.deadlines.limit(of: phase)
            finish(
                entry,
                .late(
                    phase, limit: limit, url: entry.transfer.request.url, isConnected: entry.isConnected,
                    isOut: entry.isOut))
        }
        return next.map { $0 - now }
    }

    private func finish(_ entry: ActiveTransfer, _ error: HTTPError?) {
        release(entry)
        if let error {
            logger.debug(
                "Request failed",
                metadata: ["http.url": "\(error.url)", "error.message": "\(error.message)"])
        }
        entry.transfer.ended(error)
    }

    /// Takes a transfer out of libcurl's hands, which closes its connection if it is not complete.
    private func release(_ entry: ActiveTransfer) {
        active[ObjectIdentifier(entry.transfer)] = nil
        multi.remove(entry.easy)
        multi.setConnectionLimit(maxIdleConnections + active.count)
        recycle(entry.easy)
    }

    private func recycle(_ easy: EasyHandle) {
        guard spareHandles.count < Self.maxSpareHandles else { return }
        easy.reset()
        spareHandles.append(easy)
    }

    // MARK: Idle connections

    // libcurl closes at most one connection each time it gets one back, which leaves many open after a burst.
    private func trimIdleConnections() {
        if multi.sockets.count > active.count + maxIdleConnections { shutDownIdle(keeping: maxIdleConnections) }
    }

    private func closeIdleConnections() {
        for entry in active.values {
            // Turning this down would leave the connection open for reuse, no more.
            try? entry.easy.set(CURLOPT_FORBID_REUSE, 1)
        }
        shutDownIdle(keeping: 0)
    }

    private func shutDownIdle(keeping count: Int) {
        let used = active.values.reduce(into: Set<CInt>()) { $0.formUnion($1.ownSockets) }
        let ports = Set(active.values.compactMap(\.localPort))
        multi.sockets.shutDownIdle(keeping: count, used: used, usedPorts: ports)
    }
}
