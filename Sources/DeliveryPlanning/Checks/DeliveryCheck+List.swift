import FoundationEssentials
import KubernetesModel
package import ReportAPI

extension DeliveryCheck {
    /// Of one list `deliver`.
    package static let maximumEntries = 16
    /// Of one list as the API server stores it: it is pinned in the request's status.
    package static let maximumListBytes = 64 << 10

    /// What is wrong with a list `deliver` of a request, a schedule or a pipeline, where its channels aren't known.
    ///
    /// `parameters` are the pipeline's, nil where they aren't known. `field` is where it is, such as `spec.deliver`.
    package static func faults(in list: [DeliverSpec], parameters: [String]?, at field: String) -> [String] {
        guard list.count <= maximumEntries else {
            return ["\(field): \(list.count) are given; at most \(maximumEntries) are allowed"]
        }
        let faults = list.enumerated().flatMap { index, entry in
            self.faults(in: entry, channel: nil, parameters: parameters, at: "\(field)[\(index)]")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard !list.isEmpty, let json = try? encoder.encode(list) else { return faults }
        let bytes = StoredSize.of(json: json)
        guard bytes > maximumListBytes else { return faults }
        return faults + ["\(field): is \(bytes) bytes long as stored; at most \(maximumListBytes) are allowed"]
    }
}
