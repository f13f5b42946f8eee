/// Is told of every request, for metrics. It is called on whichever thread the request ended, so it must be quick.
public protocol RequestObserver: Sendable {
    /// One attempt has ended.
    ///
    /// `verb` is Kubernetes' word (get, list, watch, create, patch, delete); `resource` the plural with its group, such
    /// as `jobs.batch`, or a path for discovery; `code` the HTTP status, nil when there was no response. `duration` goes
    /// until the body was read, for a watch until the response began.
    func requestFinished(verb: String, resource: String, code: Int?, duration: Duration)

    /// An attempt begins; `requestFinished` follows, whatever comes of it.
    func requestStarted(verb: String, resource: String)

    /// An attempt will be repeated.
    func requestRetried(verb: String, resource: String, code: Int?)

    /// Bytes of the bodies of one attempt, as they were after decompression.
    func requestTransferred(verb: String, resource: String, sent: Int, received: Int)
}

extension RequestObserver {
    public func requestStarted(verb: String, resource: String) {}

    public func requestRetried(verb: String, resource: String, code: Int?) {}

    public func requestTransferred(verb: String, resource: String, sent: Int, received: Int) {}
}
