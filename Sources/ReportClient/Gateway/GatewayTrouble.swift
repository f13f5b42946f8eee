/// Why the gateway can't be asked, or doesn't answer what was asked.
public enum GatewayTrouble: Error, Hashable, Sendable {
    /// The address, and what is wrong with it.
    case address(String, fault: String)
    /// The kubeconfig has no token, such as one with a client certificate; or it acts as somebody else.
    case withoutToken(fault: String)
    /// There was no whole answer; which address, and why.
    case unreachable(String, fault: String)
    /// It answered so. `detail`: in its own words.
    case refused(String, status: Int, detail: String)
    /// Something else answers there.
    case foreign(String)
}
