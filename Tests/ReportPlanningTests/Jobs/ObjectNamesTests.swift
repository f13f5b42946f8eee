import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct ObjectNamesTests {
    /// These stand on objects of running operators: another name would make a second Job.
    static let golden: [(request: String, uid: String, stage: String, attempt: Int, name: String)] = [
        ("tb-2026-10", "u1", "extract", 1, "tb-2026-10-extract-1-m5gsqj7dcq"),
        ("tb-2026-10", "u1", "extract", 2, "tb-2026-10-extract-2-6tlwsdq772"),
        ("tb-2026-10", "u2", "extract", 1, "tb-2026-10-extract-1-kk62l29pc9"),
        ("a", "u1", "b-c", 1, "a-b-c-1-6vbhxsrcsb"),
        ("a-b", "u1", "c", 1, "a-b-c-1-9t9dssqvzv"),
        ("tb.2026.10", "u1", "extract", 1, "tb-2026-10-extract-1-m5gsqj7dcq"),
        (
            String(repeating: "x", count: 253), "u1", String(repeating: "y", count: 63), 1,
            "xxxxxxxxxxxxxxxxxxx-yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy-1-wgg9pdfmxv"
        ),
        ("a", "u1", "s", .max, "a-s-9223372036854775807-59dxb8nm9z"),
    ]

    @Test(arguments: golden) func jobsAreNamedAsTheyAlwaysWere(
        request: String, uid: String, stage: String, attempt: Int, name: String
    ) {
        #expect(ObjectNames.job(of: ObjectMeta(name: request, uid: uid), stage: stage, attempt: attempt) == name)
    }

    @Test func otherNamesAreAsTheyAlwaysWere() {
        #expect(
            ObjectNames.workspaceClaim(of: ObjectMeta(name: "tb-2026-10", uid: "u1"))
                == "tb-2026-10-workspace-q7fqfcwzkb")
        #expect(ObjectNames.label("tb.2026") == "tb.2026")
        #expect(
            ObjectNames.label(String(repeating: "x", count: 64))
                == "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-klc4mwt7pc")
        #expect(ConcurrencyGroup(namespace: "n", pipeline: .chain("a"), name: "tb").id == "4pnqmhzpnd")
    }

    static let requestNames =
        ["a", "0", "a.b", "a-.b", "tb-2026-10", "a--b", String(repeating: "a.", count: 126) + "b"]
        + [20, 30, 40, 50, 62, 63, 64, 100, 253].flatMap { length in
            [String(repeating: "x", count: length), String(repeating: "x-.", count: 90).prefix(length - 1) + "z"]
        }
    static let stages = [
        "a", "extract", "a-b", "a--b", String(repeating: "s", count: 63), String(repeating: "s-", count: 31) + "s",
    ]

    @Test(arguments: requestNames) func everyNameIsADNSLabelAndItsOwn(request: String) {
        let label = /[a-z0-9]([-a-z0-9]*[a-z0-9])?/
        var names: Set<String> = []
        var count = 0
        for uid in ["u1", "u2"] {
            let owner = ObjectMeta(name: request, uid: uid)
            for stage in Self.stages {
                for attempt in [1, 2, 10, 1_000_000, Int.max] {
                    names.insert(ObjectNames.job(of: owner, stage: stage, attempt: attempt))
                    count += 1
                }
            }
            names.insert(ObjectNames.workspaceClaim(of: owner))
            count += 1
        }
        #expect(names.count == count)
        for name in names {
            #expect(name.utf8.count <= 63)
            #expect(name.wholeMatch(of: label) != nil, "\(name)")
        }
        let value = ObjectNames.label(request)
        #expect(value.utf8.count <= 63)
        #expect(value.wholeMatch(of: /[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?/) != nil, "\(value)")
    }

    @Test func namesThatOnlyDifferFarBehindStayApart() {
        let long = String(repeating: "x", count: 200)
        let stage = String(repeating: "s", count: 50)
        let owner = ObjectMeta(name: long, uid: "u1")
        #expect(ObjectNames.label(long + "a") != ObjectNames.label(long + "b"))
        #expect(
            ObjectNames.job(of: owner, stage: stage + "a", attempt: 1)
                != ObjectNames.job(of: owner, stage: stage + "b", attempt: 1))
    }

    @Test func fingerprintPartsDoNotRunTogether() {
        #expect(Fingerprint.of("a", "bc") != Fingerprint.of("ab", "c"))
        #expect(Fingerprint.of("a", "") != Fingerprint.of("", "a"))
        #expect(Fingerprint.of().count == Fingerprint.length)
    }
}
