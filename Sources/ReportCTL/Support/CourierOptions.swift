import ArgumentParser
import KubernetesModel

/// Where the courier is installed, and with it the channels.
struct CourierOptions: ParsableArguments {
    static let defaultNamespace = "report-operator"

    @Option(
        help: "The namespace that the courier is installed in, with its channels.", completion: Completion.namespaces)
    var courierNamespace = CourierOptions.defaultNamespace

    func validate() throws {
        guard NameForm.isLabel(courierNamespace) else {
            throw ValidationError("--courier-namespace: \"\(courierNamespace)\" is not the name of a namespace")
        }
    }
}
