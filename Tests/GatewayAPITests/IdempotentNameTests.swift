import GatewayAPI
import KubernetesModel
import Testing

@Suite struct IdempotentNameTests {
    /// No cryptographic hash, but one whose bytes all depend on all of the input.
    private static func hash(_ bytes: [UInt8]) -> [UInt8] {
        (0..<32).map { round in
            (bytes + [0, 0, 0, 0]).reduce(UInt64(round) &* 0x9E37_79B9_7F4A_7C15) {
                ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
            }
        }.map { UInt8(truncatingIfNeeded: $0 >> 24) }
    }

    private func name(
        _ kind: String = "request", user: String = "oidc:dana", namespace: String = "finance", key: String = "k-1"
    ) -> String {
        IdempotentName.name(kind: kind, user: user, namespace: namespace, key: key, hash: Self.hash)
    }

    @Test func theSameIsTheSameAndAnythingElseIsAnother() {
        #expect(name() == name())
        let names = [
            name(), name("delivery"), name(user: "oidc:ada"), name(namespace: "plant"), name(key: "k-2"),
            // Parts never run together.
            name(user: "oidc:danaf", namespace: "inance"), name(user: "oidc:dana\u{0}finance", namespace: ""),
        ]
        #expect(Set(names).count == names.count)
    }

    @Test func itIsAName() {
        for key in ["k", String(repeating: "k", count: 200), "~!@#", "Ä"] {
            #expect(Names.isName(name(key: key)))
            #expect(NameForm.isLabelValue(name(key: key)))
        }
    }

    @Test func aBodyIsKnownWhateverTheOrderOfItsMembers() throws {
        func fingerprint(_ json: String) throws -> String {
            IdempotentName.bodyFingerprint(try NewRequestBody(Array(json.utf8)).json, hash: Self.hash)
        }
        let one = try fingerprint(#"{"namespace":"a","pipeline":"b","parameters":{"x":1,"y":2}}"#)
        #expect(try fingerprint(#" {"parameters":{"y":2,"x":1},"pipeline":"b","namespace":"a"}"#) == one)
        #expect(try fingerprint(#"{"namespace":"a","pipeline":"b","parameters":{"x":1,"y":3}}"#) != one)
        #expect(NameForm.isLabelValue(one))
        #expect(Problem.keyUsedTwice.status == 422)
    }
}
