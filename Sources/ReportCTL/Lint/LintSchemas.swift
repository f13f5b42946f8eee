import FoundationEssentials
import KubernetesModel
import ReportPlanning
import YAMLCoding

/// The schemas of `crds/`, as they were when this program was built.
enum LintSchemas {
    /// By kind. A definition that can't be read is a fault of the build, which a test finds.
    static let all: [String: SchemaCheck] = Dictionary(
        definitions.compactMap { bytes in
            guard let definition = try? YAMLDecoder().decode(JSONValue.self, from: Data(bytes)),
                let kind = definition["spec"]?["names"]?["kind"]?.string,
                let check = SchemaCheck(definition: definition)
            else { return nil }
            return (kind, check)
        }
    ) { first, _ in first }

    private static var definitions: [[UInt8]] {
        [
            PackageResources.reportpipelines_yaml, PackageResources.reportrequests_yaml,
            PackageResources.reportschedules_yaml, PackageResources.reporttriggers_yaml,
            PackageResources.reportchannels_yaml, PackageResources.reportdeliveries_yaml,
        ]
    }
}
