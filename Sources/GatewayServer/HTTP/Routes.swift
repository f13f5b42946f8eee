internal import HTTPTypes
internal import Hummingbird

/// The paths that are answered, and by whom. Knows too which methods a path takes, so that a wrong one is told apart from a
/// wrong path.
struct Routes {
    private(set) var router = Router(context: GatewayContext.self)
    private var methods: [(pattern: [Substring], methods: [HTTPRequest.Method])] = []

    /// `path`: such as `/api/v1/requests/:namespace/:name`.
    mutating func on(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Request, GatewayContext) async throws -> Response
    ) {
        router.on(RouterPath(path), method: method, use: handler)
        let pattern = path.split(separator: "/")
        if let index = methods.firstIndex(where: { $0.pattern == pattern }) {
            methods[index].methods.append(method)
        } else {
            methods.append((pattern, [method]))
        }
    }

    /// The methods that a path takes; none for a path that there isn't.
    func allowed(_ path: String) -> [HTTPRequest.Method] {
        Self.allowed(path, methods)
    }

    var table: MethodTable { MethodTable(methods: methods) }

    /// `allowed` without the routes themselves.
    struct MethodTable: Sendable {
        fileprivate let methods: [(pattern: [Substring], methods: [HTTPRequest.Method])]

        func allowed(_ path: String) -> [HTTPRequest.Method] { Routes.allowed(path, methods) }
    }

    private static func allowed(
        _ path: String, _ methods: [(pattern: [Substring], methods: [HTTPRequest.Method])]
    ) -> [HTTPRequest.Method] {
        let segments = path.split(separator: "/")
        return methods.first { entry in
            entry.pattern.count == segments.count
                && zip(entry.pattern, segments).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }?.methods ?? []
    }
}
