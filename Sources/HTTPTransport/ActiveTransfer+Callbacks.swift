internal import CCurl

extension ActiveTransfer {
    /// Makes libcurl report to this object, until the handle is reset.
    func setCallbacks() throws(EasyHandle.SetupFailure) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        try easy.set(CURLOPT_PRIVATE, borrowing: me)

        try easy.set(CURLOPT_HEADERDATA, borrowing: me)
        try easy.check(
            ccurl_easy_set_transfer_callback(easy.raw, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
                ActiveTransfer.at(me)?.headLineReceived(UnsafeRawBufferPointer(start: bytes, count: size * count))
                return size * count
            })

        try easy.set(CURLOPT_WRITEDATA, borrowing: me)
        try easy.check(
            ccurl_easy_set_transfer_callback(easy.raw, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
                let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
                // Any other number than that of the bytes ends the transfer; 0 is no such number for no bytes.
                return ActiveTransfer.at(me)?.bodyReceived(body) == true ? body.count : body.count + 1
            })

        try easy.set(CURLOPT_READDATA, borrowing: me)
        try easy.check(
            ccurl_easy_set_transfer_callback(easy.raw, CURLOPT_READFUNCTION) { bytes, size, count, me in
                let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return ActiveTransfer.at(me)?.send(into: buffer) ?? Int(CURL_READFUNC_ABORT)
            })
        // A body that went out is not sent again.
        try easy.check(ccurl_easy_set_seek_callback(easy.raw) { _, _, _ in CURL_SEEKFUNC_FAIL })

        try easy.set(CURLOPT_PREREQDATA, borrowing: me)
        try easy.check(
            ccurl_easy_set_ready_callback(easy.raw) { me, _, _, _, localPort in
                ActiveTransfer.at(me)?.connected(localPort: Int(localPort)) == false
                    ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK
            })

        try easy.set(CURLOPT_OPENSOCKETDATA, borrowing: me)
        try easy.check(
            ccurl_easy_set_open_callback(easy.raw) { me, _, address in
                guard let address else { return -1 }
                return ActiveTransfer.at(me)?.openSocket(address) ?? -1
            })

        // A connection outlives the transfer that opened it, so its end is reported to the registry.
        try easy.set(CURLOPT_CLOSESOCKETDATA, borrowing: Unmanaged.passUnretained(sockets).toOpaque())
        try easy.check(
            ccurl_easy_set_close_callback(easy.raw) { sockets, descriptor in
                guard let sockets else { return -1 }
                return Unmanaged<SocketRegistry>.fromOpaque(sockets).takeUnretainedValue().close(descriptor)
            })
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?) -> ActiveTransfer? {
        pointer.map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
