import Digests
import FoundationEssentials
import ReportAPI
import ReportRecords

extension RenderJob {
    /// What makes another file of the same input: raised whenever a renderer draws otherwise.
    package static let rendererVersion = "2"

    /// `report/attempt/publication/format/fingerprint`: what the file is made of, and nothing else.
    package func fileName() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .millisecondsSince1970
        let input = try encoder.encode(self)
        let fingerprint = SHA256.of(input + Data(Self.rendererVersion.utf8)).prefix(16)
        return "\(result.place)/\(format.rawValue)/\(fingerprint)"
    }
}
