import Foundation
import KubernetesModel
import Testing
import YAMLCoding

/// The policies of manifests/components/admission-policies, as far as they can be judged without a server that has such:
/// their expressions are compiled by Kubernetes 1.30 and later alone.
@Suite struct AdmissionPolicyTests {
    private static func documents(_ file: String) throws -> [JSONValue] {
        let url = Repository.root.appending(path: "manifests/components/admission-policies/\(file).yaml")
        return try YAMLDecoder().decodeAll(JSONValue.self, from: try Data(contentsOf: url))
    }

    @Test(arguments: ["inline-pipelines", "requesters"]) func isBoundAndRefusesWhatItCannotJudge(file: String) throws {
        let documents = try Self.documents(file)
        #expect(
            documents.map { $0["kind"]?.string } == [
                "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
            ])
        #expect(documents.allSatisfy { $0["apiVersion"]?.string == "admissionregistration.k8s.io/v1" })
        let policy = try #require(documents.first?["spec"])
        #expect(documents.last?["spec"]?["policyName"] == documents.first?["metadata"]?["name"])
        #expect(documents.last?["spec"]?["validationActions"] == .strings(["Deny", "Audit"]))
        #expect(policy["failurePolicy"]?.string == "Fail")
        let rule = try #require(policy["matchConstraints"]?["resourceRules"]?.array?.first)
        #expect(rule["resources"] == .strings(["reportrequests", "reportschedules"]))
        #expect(rule["operations"] == .strings(["CREATE", "UPDATE"]))
    }

    /// Each variable is declared before it is used, and brackets and quotes come in pairs.
    @Test(arguments: ["inline-pipelines", "requesters"]) func expressionsAreWhole(file: String) throws {
        let policy = try #require(try Self.documents(file).first?["spec"])
        var known: Set<String> = []
        func check(_ expression: String) {
            #expect(expression.count { $0 == "(" } == expression.count { $0 == ")" }, "\(expression)")
            #expect(expression.count { $0 == "'" }.isMultiple(of: 2), "\(expression)")
            let used = expression.split(separator: "variables.").dropFirst().map { $0.prefix { $0.isLetter } }
            for name in expression.hasPrefix("variables.")
                ? used + [expression.dropFirst(10).prefix { $0.isLetter }] : used
            {
                #expect(known.contains(String(name)), "\(name) in \(expression)")
            }
        }
        for variable in policy["variables"]?.array ?? [] {
            check(try #require(variable["expression"]?.string))
            known.insert(try #require(variable["name"]?.string))
        }
        for validation in policy["validations"]?.array ?? [] {
            check(try #require(validation["expression"]?.string))
            check(try #require(validation["messageExpression"]?.string))
            #expect(validation["reason"]?.string == "Forbidden")
        }
    }

    @Test func operatorMayAskForOthers() throws {
        let role = try #require(try Self.documents("operator-role").first)
        let rule = try #require(role["rules"]?.array?.first)
        #expect(rule["resources"] == .strings(["reportrequests"]))
        #expect(rule["verbs"] == .strings(["request-for-others"]))
    }
}
