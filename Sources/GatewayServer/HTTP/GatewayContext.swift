package import GatewayIdentity
package import Hummingbird
internal import NIOCore

/// What is known of one HTTP request besides the request.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The peer that opened the connection: a client, or a proxy before it.
    let peer: String?
    /// The caller; set before a route that needs it is reached.
    package var caller: Caller?
    /// The session that says so, where it is one.
    var session: GatewaySession?
    /// What the access log is told; shared by all copies of this context.
    let note = AccessNote()

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }
}
