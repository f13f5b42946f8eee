import FoundationEssentials
package import ReportAPI

extension DeliveryCheck {
    /// Of one list `deliver`.
    package static let maximumEntries = 16
    /// Of one list as JSON: it is pinned in the request's status.
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
        guard !list.isEmpty, let bytes = try? JSONEncoder().encode(list).count, bytes > maximumListBytes else {
            return faults
        }
        return faults + ["\(field): is \(bytes) bytes long as JSON; at most \(maximumListBytes) are allowed"]
    }
}
