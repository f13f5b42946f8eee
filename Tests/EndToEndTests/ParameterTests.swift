import ClusterSupport
import Foundation
import KubernetesClient
import KubernetesModel
import ReportAPI
import Testing

/// What a requester writes arrives in the container byte for byte, whatever reads it on the way.
@Suite(.needsCluster, .besideOthers)
struct ParameterTests {
    private static let values: [String: String] = [
        "unicode": "Grüße, 東京 🏭 👩🏽‍🔧 \u{202E}right to left\u{202C}",
        "composed": "\u{E9}",
        "decomposed": "e\u{301}",
        "dollar-combining": "$\u{338}(REPORT_ID)",
        "shell": "x; rm -rf / & | > < * ? [a] {b,c} ~ ! # `id` $(id) ${HOME} && || \\",
        "newlines": "one\ntwo\r\nthree\n\n",
        "tabs": "\ta\t\tb ",
        "spaces": "   ",
        "empty": "",
        "expansion": "$(X) $$ $$$ $(REPORT_ID) $$(REPORT_ID) $(REPORT_PARAM_EMPTY) $( $) $() $",
        "quotes": #"'single' "double" \" \' '\''"#,
        "backslashes": #"\ \\ \n \t \u0041 \0 C:\temp\"#,
        "controls": "\u{1}\u{7}\u{8}\u{B}\u{C}\u{1B}[31m\u{7F}\u{85}\u{2028}",
        "yaml": "yes: {no: [null, ~, 0x10, 1e3]} # & * ! | >",
        "json": #"{"a":"<b>&amp;</b>","c":[1,2]}"#,
        "long": String(repeating: "0123456789ä", count: 1000),
    ]

    @Test func valuesArriveInTheContainerByteForByte() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(Self.request)
            let status = try await scene.end(of: "bytes")
            try #require(status.phase == .succeeded, "\(status.message ?? "")")

            let environment = try await Self.entries(scene.log("environment", of: status))
            let variables = Dictionary(
                environment.compactMap { entry -> (String, [UInt8])? in
                    guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return nil }
                    return (String(decoding: entry[..<equals], as: UTF8.self), Array(entry[(equals + 1)...]))
                }, uniquingKeysWith: { first, _ in first })
            for (name, value) in Self.values {
                #expect(variables[Self.variable(name)] == Array(value.utf8), "\(name)")
            }
            let json = try #require(variables["REPORT_PARAMETERS"])
            let decoded = try JSONDecoder().decode([String: String].self, from: Data(json))
            #expect(decoded.mapValues { Array($0.utf8) } == Self.values.mapValues { Array($0.utf8) })
            let request = try await scene.cluster.client.get(
                ReportRequest.self, name: "bytes", namespace: scene.namespace)
            #expect(variables["REPORT_ID"] == Array(request.metadata.uid.utf8))
            #expect(variables["REPORT_STAGE"] == Array("environment".utf8))
        }
    }

    @Test func argumentsAreExpandedByKubernetesAndByNoShell() async throws {
        try await Scene.play { scene in
            try await scene.startOperator()
            try await scene.apply(Self.request)
            let status = try await scene.end(of: "bytes")
            try #require(status.phase == .succeeded, "\(status.message ?? "")")

            let arguments = try await Self.entries(scene.log("arguments", of: status))
            var expected = Self.values.keys.sorted().compactMap { Self.values[$0] }
            expected += ["$(REPORT_PARAM_SHELL)", "$(NO_SUCH_VARIABLE)", "before-\(Self.values["quotes"] ?? "")-after"]
            #expect(arguments == expected.map { Array($0.utf8) })
        }
    }

    /// Two stages that print what they got, in base64 because a log is lines of text.
    private static var request: String {
        let names = values.keys.sorted()
        let declared = names.map { "{name: \($0), type: string}" }.joined(separator: ", ")
        let given = names.map { "\($0): \(Manifest.quoted(values[$0] ?? ""))" }.joined(separator: ", ")
        let references = names.map { "$(\(variable($0)))" }
        let others = ["$$(REPORT_PARAM_SHELL)", "$(NO_SUCH_VARIABLE)", "before-$(REPORT_PARAM_QUOTES)-after"]
        let arguments = ["sh"] + references + others
        return Manifest.request(
            "bytes", spec: "parameters: {\(given)}", pipeline: "parameters: [\(declared)]",
            stages: Manifest.stage("environment", "base64 /proc/1/environ"),
            Manifest.stage(
                "arguments", #"for value; do printf '%s\0' "$value"; done | base64"#,
                "args: [\(arguments.map(Manifest.quoted).joined(separator: ", "))]"))
    }

    private static func variable(_ name: String) -> String {
        "REPORT_PARAM_" + name.uppercased().replacing("-", with: "_")
    }

    /// What base64 says, cut at each NUL.
    private static func entries(_ log: String) throws -> [[UInt8]] {
        let data = try #require(Data(base64Encoded: log, options: .ignoreUnknownCharacters))
        return data.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Array($0) }
    }
}
