import GatewayAPI
import KubernetesModel
import Testing

@Suite struct ProblemTests {
    @Test func itSaysWhatAndWhere() throws {
        let problem = Problem.invalid([FieldError("parameters.period", value: .string("2026-13"), "is not a month")])
        #expect(
            try problem.json
                == .reading(
                    #"""
                    {"type":"tag:reports.ers.dev,2026:invalid","title":"Some fields are wrong","status":422,
                     "detail":"parameters.period: is not a month",
                     "errors":[{"field":"parameters.period","value":"2026-13","message":"is not a month"}]}
                    """#))
    }

    @Test func aRefusalSaysWhoCanGrantIt() {
        let here = Problem.forbidden(
            verb: "create", resource: "reportrequests", namespace: "finance", user: "oidc:dana")
        #expect(
            here.detail
                == "oidc:dana may not create reportrequests in namespace finance; an administrator of that namespace can "
                + "grant it with a RoleBinding in finance to a role that has the verb create on reportrequests of the group "
                + "reports.ers.dev")
        let everywhere = Problem.forbidden(verb: "get", resource: "reportrequests", namespace: nil, user: "x")
        #expect(
            everywhere.detail?.contains("an administrator of the cluster can grant it with a ClusterRoleBinding")
                == true)
    }

    @Test func aValueIsShownOnlyAsFarAsItIsKnownBy() throws {
        let long = FieldError("a", value: .string(String(repeating: "ü", count: 5000)), "x")
        guard case .string(let text)? = long.value else { return #expect(Bool(false)) }
        #expect(text.utf8.count <= 200)
        #expect(FieldError("a", value: .array([]), "x").value == nil)
        #expect(FieldError("a", value: .decimal(String(repeating: "9", count: 500)), "x").value?.string != nil)
    }

    @Test(arguments: [
        (400, 422), (422, 422), (403, 403), (404, 404), (410, 404), (409, 409), (413, 413), (429, 503), (503, 503),
        (504, 503), (500, 502), (418, 502), (401, 502),
    ])
    func whatTheAPIServerSaysBecomesOurs(given: Int, status: Int) {
        #expect(Problem.upstream(status: given, message: "x").status == status)
    }

    @Test func withoutAnAnswerItCanBeTriedAgain() {
        let problem = Problem.upstream(status: nil, message: "connection refused", retryAfter: 7)
        #expect(problem.status == 503)
        #expect(problem.retryAfter == 7)
    }
}
