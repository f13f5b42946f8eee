/// Which proxy requests go through.
package enum ProxySetting: Hashable, Sendable {
    /// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (or in lower case), read once when the transport is made.
    case environment
    /// None, whatever the environment says.
    case none
    /// This one for every request: `http://`, `https://` or `socks5://`; `NO_PROXY` does not apply.
    case url(String)
}
