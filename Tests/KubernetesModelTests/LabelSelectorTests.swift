import KubernetesModel
import Testing

struct LabelSelectorTests {
    private static let labels = ["team": "finance", "tier": "core", "empty": "", "example.org/reports": "yes"]

    @Test(arguments: [
        ("team=finance", true), ("team==finance", true), ("team = finance", true), ("team=other", false),
        ("team!=finance", false), ("team!=other", true), ("absent!=x", true), ("absent=x", false),
        ("team", true), ("absent", false), ("!absent", true), ("! team", false),
        ("tier in (core,trusted)", true), ("tier in ( trusted )", false), ("tier in(core)", true),
        ("tier notin (core)", false), ("tier notin (other, more)", true), ("absent notin (x)", true),
        ("absent in (x)", false), ("empty=", true), ("empty in (,x)", true), ("team=", false),
        ("example.org/reports=yes,tier in (core),!absent", true), ("team=finance,tier=other", false), ("", true),
        ("in", false), ("notin in (in)", false),
    ])
    func selectsAsKubernetesDoes(text: String, isSelected: Bool) throws {
        let selector = try LabelSelector(text)
        #expect(selector.matches(Self.labels) == isSelected)
        #expect(selector.description == text)
    }

    @Test(arguments: [
        ("!!!==", "a label's key is missing before \"!\""),
        ("=x", "a label's key is missing before \"=\""),
        ("a=b,", "a label's key is missing before the end"),
        (",a", "a label's key is missing before \",\""),
        ("team finance", "\"finance\" after \"team\" is not one of =, ==, !=, in and notin"),
        ("tier > 3", "\">\" after \"tier\" is not one of"),
        ("tier in core", "in is followed by \"core\", not by values in brackets"),
        ("tier in", "in is followed by the end, not by values in brackets"),
        ("tier in (core", "the bracket after in isn't closed before the end"),
        ("tier in (a=b)", "the bracket after in isn't closed before \"=\""),
        ("a=b c", "\"c\" isn't expected there"),
        ("a=b=c", "\"=\" isn't expected there"),
        ("a=ä", "\"ä\" is not a label's value"),
        ("a=-b", "\"-b\" is not a label's value"),
        ("a/b/c=d", "\"a/b/c\" is not a label's key"),
        ("/b=d", "\"/b\" is not a label's key"),
        ("A.b/c", "\"A.b/c\" is not a label's key"),
        ("-a", "\"-a\" is not a label's key"),
    ])
    func saysWhatItCannotRead(text: String, fault: String) {
        #expect {
            _ = try LabelSelector(text)
        } throws: {
            "\($0)".hasPrefix(fault)
        }
    }

    @Test func lengthsAreBounded() throws {
        let (longest, longer) = (String(repeating: "v", count: 63), String(repeating: "v", count: 64))
        #expect(try LabelSelector("a=\(longest)").matches(["a": longest]))
        #expect(throws: LabelSelector.Fault.self) { try LabelSelector("a=\(longer)") }
        #expect(throws: LabelSelector.Fault.self) { try LabelSelector(longer) }
    }
}
