import FoundationEssentials

/// A part of a bucket: `s3://BUCKET/PREFIX`.
package struct S3Location: Hashable, Sendable, CustomStringConvertible {
    package let bucket: String
    /// Without slashes at its ends; empty for the whole bucket.
    package let prefix: String

    package static let scheme = "s3://"

    /// Nil where it is not one: names of buckets as Amazon has them, and a prefix of letters, digits and `-_.`.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.scheme) else { return nil }
        let parts = text.dropFirst(Self.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        let rest = parts.last == "" ? parts.dropFirst().dropLast() : parts.dropFirst()
        func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard let bucket = parts.first, (3...63).contains(bucket.utf8.count), bucket.utf8.allSatisfy(isPlain),
            rest.allSatisfy({ part in
                !part.isEmpty && part != "." && part != ".."
                    && part.utf8.allSatisfy {
                        isPlain($0) || (0x41...0x5A).contains($0) || $0 == UInt8(ascii: "_")
                    }
            })
        else { return nil }
        self.bucket = String(bucket)
        prefix = rest.joined(separator: "/")
    }

    package var description: String {
        prefix.isEmpty ? "\(Self.scheme)\(bucket)" : "\(Self.scheme)\(bucket)/\(prefix)"
    }

    /// The whole name of an object of this part.
    func key(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix)/\(name)" }
}

/// The credentials, from the variables of Amazon's own tools.
package struct S3Credentials: Sendable, CustomStringConvertible {
    let id: String
    let secret: String
    let token: String?

    package init(id: String, secret: String, token: String? = nil) {
        self.id = id
        self.secret = secret
        self.token = token
    }

    package var description: String { "(credentials of \(id))" }
}

/// Where a bucket is, and who asks.
package struct S3Configuration: Sendable {
    /// Such as `https://minio.example.com:9000`; Amazon's where nil.
    package var endpoint: String?
    package var region: String
    package var credentials: S3Credentials
    /// A file with the authorities to trust, in PEM; the system's where nil.
    package var authority: String?

    package init(endpoint: String?, region: String, credentials: S3Credentials, authority: String? = nil) {
        self.endpoint = endpoint
        self.region = region
        self.credentials = credentials
        self.authority = authority
    }

    /// Of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_DEFAULT_REGION`,
    /// `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` and `AWS_CA_BUNDLE`.
    package init(environment: [String: String], endpoint: String? = nil) throws(S3Trouble) {
        func value(_ names: String...) -> String? {
            names.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        guard let id = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") else {
            throw S3Trouble("s3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        }
        let address = endpoint ?? value("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
        if let address {
            let parts = URLComponents(string: address)
            guard let parts, ["http", "https"].contains(parts.scheme), parts.host?.isEmpty == false,
                ["", "/"].contains(parts.path), parts.query == nil, parts.user == nil
            else { throw S3Trouble("\"\(address)\" is not an address such as https://minio.example.com:9000") }
        }
        self.init(
            endpoint: address.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 },
            region: value("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1",
            credentials: S3Credentials(id: id, secret: secret, token: value("AWS_SESSION_TOKEN")),
            authority: value("AWS_CA_BUNDLE"))
    }
}

/// Why a bucket doesn't do what it was asked, for people.
package struct S3Trouble: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// Whether it may pass by itself.
    package let isPassing: Bool
    /// Whether it is that there is no such object.
    let isAbsence: Bool

    init(_ description: String, isPassing: Bool = false, isAbsence: Bool = false) {
        self.isAbsence = isAbsence
        self.description = description
        self.isPassing = isPassing
    }
}
