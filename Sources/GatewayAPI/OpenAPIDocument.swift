/// The description of the whole API for programs, as it is served.
package enum OpenAPIDocument {
    /// JSON in UTF-8.
    package static var json: [UInt8] { PackageResources.openapi_json }
}
