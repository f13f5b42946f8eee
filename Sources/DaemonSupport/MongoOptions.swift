package import ArgumentParser
package import Logging

/// Where the record of all reports is.
package struct MongoOptions: ParsableArguments {
    @Option(help: "MongoDB's connection string, for the record of all reports. Visible in process listings.")
    package var mongodbUri: String?

    @Option(help: "A file that holds MongoDB's connection string, such as a mounted Secret's.")
    package var mongodbUriFile: String?

    package init() {}

    package func validate() throws {
        if mongodbUri != nil, mongodbUriFile != nil {
            throw ValidationError("--mongodb-uri and --mongodb-uri-file exclude each other; give one")
        }
    }

    /// The connection string; nil where none is given.
    package func address(logger: Logger) throws -> String? {
        try SecretOption(value: mongodbUri, file: mongodbUriFile, name: "--mongodb-uri").text(logger: logger)
    }
}
