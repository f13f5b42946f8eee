internal import CCurl

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
