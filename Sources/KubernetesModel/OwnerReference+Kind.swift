extension ObjectMeta {
    /// The owner that controls this object, where it is of that kind.
    package func controller(of kind: ResourceKind) -> OwnerReference? {
        guard let controller, controller.isOf(kind) else { return nil }
        return controller
    }
}

extension OwnerReference {
    /// Whether it names an object of that kind, in whatever version.
    package func isOf(_ kind: ResourceKind) -> Bool {
        guard self.kind == kind.kind else { return false }
        return kind.group.isEmpty ? !apiVersion.contains("/") : apiVersion.hasPrefix("\(kind.group)/")
    }
}
