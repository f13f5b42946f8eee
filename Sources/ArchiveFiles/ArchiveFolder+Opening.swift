package import Digests
package import Logging
import ObjectStorage

extension ArchiveFolder {
    /// A folder by its path, or a part of a bucket by `s3://BUCKET/PREFIX`.
    ///
    /// `environment`: has a bucket's credentials. `temporary`: where a bucket's files are on their way; `TMPDIR` where nil.
    /// Throws `ArchiveTrouble`.
    package static func named(
        _ text: String, isToBeMade: Bool = false, recipients: [AgeRecipient] = [], identities: [AgeIdentity] = [],
        endpoint: String? = nil, environment: [String: String], temporary: String? = nil, logger: Logger
    ) throws -> ArchiveFolder {
        guard let (location, configuration) = try bucket(text, endpoint: endpoint, environment: environment) else {
            return try ArchiveFolder(text, isToBeMade: isToBeMade, recipients: recipients, identities: identities)
        }
        return try ArchiveFolder(
            S3Bucket(location, configuration, logger: logger), recipients: recipients, identities: identities,
            temporary: temporary)
    }

    /// Throws `ArchiveTrouble` where the text is a bucket's that can't be asked with these variables, whatever is in it.
    package static func check(_ text: String, environment: [String: String]) throws(ArchiveTrouble) {
        _ = try bucket(text, endpoint: nil, environment: environment)
    }

    /// Nil of a folder.
    private static func bucket(
        _ text: String, endpoint: String?, environment: [String: String]
    ) throws(ArchiveTrouble) -> (S3Location, S3Configuration)? {
        guard text.hasPrefix(S3Location.scheme) else { return nil }
        guard let location = S3Location(text) else {
            throw ArchiveTrouble("\(text): is not a bucket with a prefix such as s3://reports/archive")
        }
        do throws(S3Trouble) {
            return (location, try S3Configuration(environment: environment, endpoint: endpoint))
        } catch { throw ArchiveTrouble(error.description) }
    }
}
