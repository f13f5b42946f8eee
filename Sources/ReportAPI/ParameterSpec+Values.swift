internal import JSONReading
public import KubernetesModel

extension ParameterSpec {
    /// Of one that takes several.
    public static let maximumValues = 100

    /// What an accepted text of it stands for: a list where it takes several values, else the text.
    public func value(ofText text: String) -> JSONValue {
        guard multiple == true, let values = try? JSONReader().decode([JSONValue].self, from: text) else {
            return .string(text)
        }
        return .array(values)
    }
}

extension PipelineSpec {
    /// What accepted texts stand for, by the parameters' names.
    public func values(ofTexts texts: [String: String]) -> JSONObject {
        let declared = Dictionary((parameters ?? []).map { ($0.name, $0) }) { first, _ in first }
        return JSONObject(texts.lazy.map { ($0, declared[$0]?.value(ofText: $1) ?? .string($1)) })
    }
}
