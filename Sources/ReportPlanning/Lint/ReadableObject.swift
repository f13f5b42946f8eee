import KubernetesModel
import ReportAPI

/// An object as far as it can be read: fields that can't be are left out and reported, so that they hide nothing else.
struct ReadableObject<Resource: KubernetesResource, Spec: Codable & Sendable> {
    /// Fields that are left out, at most; an object with more has them everywhere.
    private static var maximumFaults: Int { 20 }

    /// Without the fields that are left out.
    let object: LintObject
    let resource: Resource
    /// Nil where it can't be read without them either.
    let spec: Spec?
    /// What is wrong with those fields, each with its path.
    let faults: [String]

    init(
        _ object: LintObject, _ type: Resource.Type, _ spec: KeyPath<Resource, Decoded<Spec>>, in namespace: String
    ) throws(LintObject.Fault) {
        var object = object
        var faults: [String] = []
        while true {
            let resource = try object.read(type, in: namespace).get()
            guard case .fault(let fault) = resource[keyPath: spec] else {
                (self.object, self.resource, self.faults) = (object, resource, faults)
                self.spec = resource[keyPath: spec].value
                return
            }
            // That a field is required which was just left out says nothing new.
            let field = Self.field(fault)
            let isNew = !faults.contains { Self.field($0) == field }
            if isNew { faults.append(fault) }
            guard isNew, faults.count < Self.maximumFaults, let rest = object.without(field) else {
                (self.object, self.resource, self.spec, self.faults) = (object, resource, nil, faults)
                return
            }
            object = rest
        }
    }

    private static func field(_ fault: String) -> Substring { fault.prefix { $0 != ":" } }
}
