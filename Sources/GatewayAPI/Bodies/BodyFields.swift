import KubernetesModel

/// The members of an object of a body, taken one after the other by what is known; `end` refuses the others. Everything that
/// is wrong goes to one list, so that all of it is told at once.
struct BodyFields {
    /// What was wrong in a body.
    final class Faults {
        private(set) var errors: [FieldError] = []
        private static let limit = 100

        /// One fault of a field is enough.
        func add(_ field: String, _ value: BodyValue? = nil, _ message: String) {
            guard errors.count < Self.limit, !errors.contains(where: { $0.field == field }) else { return }
            errors.append(FieldError(field, value: value?.json, message))
        }
    }

    private let path: String
    private var members: [BodyValue.Member]
    private var known: [String] = []
    private let faults: Faults

    /// Reads a whole body.
    ///
    /// - Throws: a 422 that names each fault.
    static func read<Body>(
        _ bytes: [UInt8], _ body: (inout BodyFields) -> Body
    ) throws(Problem) -> (body: Body, json: JSONValue) {
        let value = try BodyValue.read(bytes)
        let faults = Faults()
        guard case .object = value else { throw .badRequest("the body must be a JSON object, such as {}") }
        var fields = BodyFields(value, at: "", faults)
        let read = body(&fields)
        fields.end()
        if !faults.errors.isEmpty { throw .invalid(faults.errors) }
        return (read, value.json)
    }

    private init(_ value: BodyValue, at path: String, _ faults: Faults) {
        self.path = path
        self.faults = faults
        if case .object(let members) = value {
            self.members = members
        } else {
            members = []
            faults.add(path, value, "\(Self.shown(value)) is not an object")
        }
        var seen: Set<String> = []
        for member in members where !seen.insert(member.name).inserted {
            faults.add(place(member.name), nil, "is given twice; give it once")
        }
    }

    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func refuse(_ name: String, _ message: String) { faults.add(place(name), nil, message) }

    /// Refuses what nobody has taken.
    mutating func end() {
        for member in members {
            faults.add(place(member.name), nil, "is unknown; allowed are \(known.joined(separator: ", "))")
        }
    }

    private mutating func take(_ name: String, required: Bool = false) -> BodyValue? {
        known.append(name)
        let value = members.last { $0.name == name }?.value
        members.removeAll { $0.name == name }
        if value == nil, required { faults.add(place(name), nil, "is required") }
        return value
    }

    private static func shown(_ value: BodyValue) -> String {
        switch value {
        case .array(let elements): "a list of \(elements.count)"
        case .object: "an object"
        case .null, .bool, .integer, .number, .decimal, .string: value.json.quoted
        }
    }

    // MARK: Values

    mutating func text(_ name: String, _ form: TextRule, required: Bool = false) -> String? {
        guard let value = take(name, required: required) else { return nil }
        return text(value, at: place(name), form)
    }

    private func text(_ value: BodyValue, at place: String, _ rule: TextRule) -> String? {
        guard case .string(let text) = value else {
            faults.add(place, value, "\(Self.shown(value)) is not a text")
            return nil
        }
        if let fault = rule.fault(of: text) {
            faults.add(place, value, fault)
            return nil
        }
        return text
    }

    mutating func integer(_ name: String, _ bounds: ClosedRange<Int>) -> Int? {
        guard let value = take(name) else { return nil }
        return integer(value, at: place(name), bounds)
    }

    /// The outer nil: there is none; the inner one: null.
    mutating func integerOrNull(_ name: String, _ bounds: ClosedRange<Int>) -> Int?? {
        guard let value = take(name) else { return .none }
        if case .null = value { return .some(nil) }
        return integer(value, at: place(name), bounds).map { .some($0) }
    }

    private func integer(_ value: BodyValue, at place: String, _ bounds: ClosedRange<Int>) -> Int? {
        let number: Int? =
            switch value {
            case .integer(let number): Int(number)
            // 10.0 and 1e1 are whole numbers too.
            case .number(let number): Int(exactly: number)
            case .null, .bool, .decimal, .string, .array, .object: nil
            }
        guard let number, bounds.contains(number) else {
            let range = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
            faults.add(place, value, "\(Self.shown(value)) is not \(range)")
            return nil
        }
        return number
    }

    mutating func bool(_ name: String, required: Bool = false) -> Bool? {
        guard let value = take(name, required: required) else { return nil }
        guard case .bool(let flag) = value else {
            faults.add(place(name), value, "\(Self.shown(value)) is not true or false")
            return nil
        }
        return flag
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let value = take(name) else { return nil }
        return choice(value, at: place(name))
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: BodyValue, at place: String
    ) -> Choice? where Choice.RawValue == String {
        if case .string(let text) = value, let choice = Choice(rawValue: text) { return choice }
        let list = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        faults.add(place, value, "\(Self.shown(value)) is not one of \(list)")
        return nil
    }

    // MARK: Lists and objects

    private mutating func list(_ name: String, upTo limit: Int) -> [BodyValue]? {
        guard let value = take(name) else { return nil }
        guard case .array(let elements) = value else {
            faults.add(place(name), value, "\(Self.shown(value)) is not a list")
            return nil
        }
        guard elements.count <= limit else {
            faults.add(place(name), nil, "\(elements.count) are given; at most \(limit) are allowed")
            return nil
        }
        return elements
    }

    /// Each once.
    mutating func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ name: String, upTo limit: Int, _ type: Choice.Type = Choice.self
    ) -> [Choice]? where Choice.RawValue == String {
        guard let elements = list(name, upTo: limit) else { return nil }
        var chosen: [Choice] = []
        for (index, element) in elements.enumerated() {
            guard let choice: Choice = choice(element, at: "\(place(name))[\(index)]") else { continue }
            if chosen.contains(choice) {
                faults.add("\(place(name))[\(index)]", element, "\(Self.shown(element)) is given twice")
            }
            chosen.append(choice)
        }
        return chosen
    }

    /// Each once.
    mutating func texts(_ name: String, upTo limit: Int, _ rule: TextRule) -> [String]? {
        guard let elements = list(name, upTo: limit) else { return nil }
        var (texts, seen): ([String], Set<[UInt8]>) = ([], [])
        for (index, element) in elements.enumerated() {
            let place = "\(place(name))[\(index)]"
            guard let text = text(element, at: place, rule) else { continue }
            if !seen.insert(Array(text.utf8)).inserted {
                faults.add(place, element, "\(Self.shown(element)) is given twice")
            }
            texts.append(text)
        }
        return texts
    }

    mutating func textsByName(_ name: String, upTo limit: Int, _ rule: TextRule) -> [String: String]? {
        guard let object = members(name, upTo: limit) else { return nil }
        var texts: [String: String] = [:]
        for member in object {
            texts[member.name] = text(member.value, at: "\(place(name)).\(member.name)", rule)
        }
        return texts
    }

    /// Whatever there is, by name.
    mutating func values(_ name: String, upTo limit: Int) -> JSONObject? {
        guard let object = members(name, upTo: limit) else { return nil }
        return JSONObject(object.lazy.map { ($0.name, $0.value.json) })
    }

    private mutating func members(_ name: String, upTo limit: Int) -> [BodyValue.Member]? {
        guard let value = take(name) else { return nil }
        guard case .object = value else {
            faults.add(place(name), value, "\(Self.shown(value)) is not an object")
            return nil
        }
        let object = BodyFields(value, at: place(name), faults).members
        guard object.count <= limit else {
            faults.add(place(name), nil, "\(object.count) members are given; at most \(limit) are allowed")
            return nil
        }
        return object
    }

    mutating func object<Value>(_ name: String, _ read: (inout BodyFields) -> Value) -> Value? {
        guard let value = take(name) else { return nil }
        return Self.object(value, at: place(name), faults, read)
    }

    mutating func objects<Value>(_ name: String, upTo limit: Int, _ read: (inout BodyFields) -> Value) -> [Value]? {
        guard let elements = list(name, upTo: limit) else { return nil }
        return elements.enumerated().map { index, element in
            Self.object(element, at: "\(place(name))[\(index)]", faults, read)
        }
    }

    private static func object<Value>(
        _ value: BodyValue, at place: String, _ faults: Faults, _ read: (inout BodyFields) -> Value
    ) -> Value {
        guard case .object = value else {
            faults.add(place, value, "\(shown(value)) is not an object")
            // Of what isn't there nothing more is said: its faults are thrown away.
            var none = BodyFields(.object([]), at: place, Faults())
            return read(&none)
        }
        var fields = BodyFields(value, at: place, faults)
        let read = read(&fields)
        fields.end()
        return read
    }
}
