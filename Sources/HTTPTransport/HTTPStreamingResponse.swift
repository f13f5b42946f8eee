/// A response whose head is there and whose body is on its way.
package struct HTTPStreamingResponse: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: HTTPBody
}
