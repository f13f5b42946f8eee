package import Digests
package import Logging
import ObjectStorage

extension ArchiveFolder {
    /// A folder by its path, or a part of a bucket by `s3://BUCKET/PREFIX`.
    ///
    /// `environment`: has a bucket's credentials. Throws `ArchiveTrouble`.
    package static func named(
        _ text: String, isToBeMade: Bool = false, recipients: [AgeRecipient] = [], identities: [AgeIdentity] = [],
        endpoint: String? = nil, environment: [String: String], logger: Logger
    ) throws -> ArchiveFolder {
        guard text.hasPrefix(S3Location.scheme) else {
            return try ArchiveFolder(text, isToBeMade: isToBeMade, recipients: recipients, identities: identities)
        }
        guard let location = S3Location(text) else {
            throw ArchiveTrouble("\(text): is not a bucket with a prefix such as s3://reports/archive")
        }
        let configuration: S3Configuration
        do throws(S3Trouble) {
            configuration = try S3Configuration(environment: environment, endpoint: endpoint)
        } catch { throw ArchiveTrouble(error.description) }
        return try ArchiveFolder(
            S3Bucket(location, configuration, logger: logger), recipients: recipients, identities: identities)
    }
}
