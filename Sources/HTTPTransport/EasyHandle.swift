internal import CCurl
import FoundationEssentials

/// Owns one libcurl easy handle with all that libcurl only borrows: error buffer and lists.
///
/// Must be out of its multi handle before it is released.
final class EasyHandle {
    /// A setting that libcurl turned down.
    struct SetupFailure: Error {
        var code: CURLcode
    }

    let raw: UnsafeMutableRawPointer
    private let errorBuffer: UnsafeMutablePointer<CChar>
    private var headers = StringList()
    private var connectTo = StringList()

    init() {
        guard let raw = curl_easy_init() else { preconditionFailure("Out of memory") }
        self.raw = raw
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(raw)
        errorBuffer.deallocate()
    }

    /// Forgets every setting, so that the handle can serve another request.
    func reset() {
        curl_easy_reset(raw)
        headers = StringList()
        connectTo = StringList()
        errorBuffer[0] = 0
    }

    /// libcurl's words for a result: those about this very transfer if there are any.
    func message(for code: CURLcode) -> String {
        errorBuffer[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorBuffer)
    }

    func useErrorBuffer() throws(SetupFailure) {
        try check(ccurl_easy_set_pointer(raw, CURLOPT_ERRORBUFFER, errorBuffer))
    }

    func set(_ option: CURLoption, _ value: Int) throws(SetupFailure) {
        try check(ccurl_easy_set_long(raw, option, value))
    }

    func set(_ option: CURLoption, offset value: Int) throws(SetupFailure) {
        try check(ccurl_easy_set_offset(raw, option, curl_off_t(value)))
    }

    /// Sets a string, which libcurl copies; `nil` clears it, defaults included.
    func set(_ option: CURLoption, _ value: String?) throws(SetupFailure) {
        try check(ccurl_easy_set_string(raw, option, value))
    }

    func set(_ option: CURLoption, borrowing pointer: UnsafeMutableRawPointer) throws(SetupFailure) {
        try check(ccurl_easy_set_pointer(raw, option, pointer))
    }

    /// Sets a certificate or key, by path or by value.
    func set(_ source: PEMSource, path: CURLoption, blob: CURLoption) throws(SetupFailure) {
        switch source {
        case .file(let file):
            try set(path, file)
        case .data(let data):
            try check(data.withUnsafeBytes { ccurl_easy_set_blob(raw, blob, $0.baseAddress, $0.count) })
        }
    }

    func setHeaders(_ list: consuming StringList) throws(SetupFailure) {
        headers = list
        try check(ccurl_easy_set_list(raw, CURLOPT_HTTPHEADER, headers.raw))
    }

    func setConnectTo(_ route: String) throws(SetupFailure) {
        connectTo = StringList()
        connectTo.append(route)
        try check(ccurl_easy_set_list(raw, CURLOPT_CONNECT_TO, connectTo.raw))
    }

    func check(_ code: CURLcode) throws(SetupFailure) {
        guard code == CURLE_OK else { throw SetupFailure(code: code) }
    }
}

/// Owns a `curl_slist`, which libcurl reads but does not copy: keep it as long as the handle that uses it.
struct StringList: ~Copyable {
    private(set) var raw: UnsafeMutablePointer<curl_slist>?

    mutating func append(_ string: String) {
        // NULL means out of memory; the list so far stays valid.
        guard let longer = curl_slist_append(raw, string) else { preconditionFailure("Out of memory") }
        raw = longer
    }

    deinit {
        curl_slist_free_all(raw)
    }
}
