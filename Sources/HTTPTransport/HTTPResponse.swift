package import FoundationEssentials

/// A response that is all there.
package struct HTTPResponse: Sendable, Equatable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: Data

    package init(status: Int, headers: HTTPHeaders, body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// A response whose head is there and whose body is on its way.
package struct HTTPStreamingResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: HTTPBody
}
