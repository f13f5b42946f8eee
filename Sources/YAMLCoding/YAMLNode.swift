/// A node of a YAML document. What an alias points at is the node itself, so a node can have several parents.
final class YAMLNode: Sendable {
    enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In their order in the text, keys as text, merge keys resolved.
        case mapping([(key: String, value: YAMLNode)])
    }

    struct Mark: Hashable, Sendable {
        /// Counted from 1, as `column`.
        let line: Int
        let column: Int
    }

    let content: Content
    let mark: Mark
    /// How many nodes this is with every alias followed.
    let weight: Int
    /// How many levels hang below this one.
    let depth: Int

    init(_ content: Content, mark: Mark) {
        self.content = content
        self.mark = mark
        let children: [YAMLNode] =
            switch content {
            case .scalar: []
            case .sequence(let elements): elements
            case .mapping(let members): members.map(\.value)
            }
        weight = children.reduce(1) { sum, child in
            let (next, overflow) = sum.addingReportingOverflow(child.weight)
            return overflow ? .max : next
        }
        depth = children.reduce(0) { max($0, $1.depth + 1) }
    }
}
