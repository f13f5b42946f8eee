internal import CCurl

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
