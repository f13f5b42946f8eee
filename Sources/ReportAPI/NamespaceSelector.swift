internal import KubernetesModel

/// Namespaces by their labels, as Kubernetes' own objects select them: all of it has to hold, and an empty one selects every
/// namespace.
public struct NamespaceSelector: Codable, Hashable, Sendable {
    public struct Requirement: Codable, Hashable, Sendable {
        public enum Operator: String, Codable, Sendable, CaseIterable {
            case `in` = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
        }

        public var key: String
        public var `operator`: Operator
        /// Of `In` and `NotIn` alone.
        public var values: [String]?

        public init(key: String, operator: Operator, values: [String]? = nil) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    public var matchLabels: [String: String]?
    public var matchExpressions: [Requirement]?

    public init(matchLabels: [String: String]? = nil, matchExpressions: [Requirement]? = nil) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    public func matches(_ labels: [String: String]) -> Bool {
        (matchLabels ?? [:]).allSatisfy { labels.value(of: $0.key)?.isSame(as: $0.value) ?? false }
            && (matchExpressions ?? []).allSatisfy { $0.matches(labels) }
    }

    /// The one namespace that it can select, where that can be told: by the label that the API server itself puts on.
    public var onlyNamespace: String? {
        if let name = matchLabels?[Self.nameLabel] { return name }
        return matchExpressions?.lazy
            .filter { $0.key == Self.nameLabel && $0.operator == .in && Set($0.values ?? []).count == 1 }
            .compactMap { $0.values?.first }.first
    }

    private static let nameLabel = "kubernetes.io/metadata.name"
}

extension NamespaceSelector.Requirement {
    func matches(_ labels: [String: String]) -> Bool {
        let value = labels.value(of: key)
        let isListed = value.map { value in (values ?? []).contains { $0.isSame(as: value) } } ?? false
        return switch self.operator {
        case .in: isListed
        case .notIn: !isListed
        case .exists: value != nil
        case .doesNotExist: value == nil
        }
    }
}

extension [String: String] {
    /// Of exactly that key: as Kubernetes compares them.
    fileprivate func value(of key: String) -> String? {
        guard let index = index(forKey: key), self[index].key.isSame(as: key) else { return nil }
        return self[index].value
    }
}
