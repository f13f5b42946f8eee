import KubernetesModel
import ReportAPI

/// What somebody gives a parameter, read by its declaration: a text, or every fault there is.
struct ParameterReading {
    /// In its canonical form: of one that takes several values a JSON array of them, each in its own type.
    private(set) var text: String?
    private(set) var faults: [String] = []

    private let parameter: ParameterSpec
    /// What its `enum` allows.
    private let allowed: [String]?
    private let bounds: ParameterBounds

    init(_ value: JSONValue, of parameter: ParameterSpec, at field: String) {
        self.parameter = parameter
        bounds = ParameterBounds(parameter)
        allowed = parameter.enum?.compactMap { ParameterValue($0, kind: parameter.type)?.text }
        if parameter.multiple == true {
            // One value needn't be written as a list, which a command line or a form can't tell from a text.
            readList(value.array ?? [value], at: field)
        } else if let list = value.array {
            faults.append("\(field): \(list.count) values are given as a list; it takes one")
        } else {
            text = readOne(value, at: field)
        }
    }

    private mutating func readList(_ list: [JSONValue], at field: String) {
        guard !list.isEmpty else {
            faults.append("\(field): is an empty list; give at least one value, or leave it out")
            return
        }
        guard list.count <= ParameterSpec.maximumValues else {
            faults.append(
                "\(field): \(list.count) values are given; at most \(ParameterSpec.maximumValues) are allowed")
            return
        }
        var seen: Set<String> = []
        var values: [JSONValue] = []
        for (index, item) in list.enumerated() {
            guard let one = readOne(item, at: "\(field)[\(index)]") else { continue }
            if !seen.insert(one).inserted { faults.append("\(field)[\(index)]: \(item.brief) is given twice") }
            values.append(ParameterValue.json(one, kind: parameter.type))
        }
        if faults.isEmpty { text = String(decoding: JSONValue.array(values).jsonText, as: UTF8.self) }
    }

    private mutating func readOne(_ value: JSONValue, at field: String) -> String? {
        guard let checked = ParameterValue(value, kind: parameter.type) else {
            faults.append("\(field): \(value.fault(as: parameter.type))")
            return nil
        }
        if let allowed, !allowed.contains(where: checked.text.isSame) {
            let list = allowed.map(Self.listed).joined(separator: ", ")
            faults.append("\(field): \(value.brief) is not one of \(list)")
            return nil
        }
        if let fault = bounds.fault(of: checked.text, shown: value.brief) {
            faults.append("\(field): \(fault)")
            return nil
        }
        return checked.text
    }

    /// In quotes where it would not be seen, or be taken for something else.
    static func listed(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || "0123456789-_.:+/".unicodeScalars.contains($0)
        }
        return isPlain && !text.isEmpty ? text : JSONValue.string(text).brief
    }
}
