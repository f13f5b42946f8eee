"""The policies of manifests/components/admission-policies: whom they let do what.

`hack/lib/policies/check-policies` runs them. Each case is tried with a ReportRequest and with the request in a
ReportSchedule. With POLICY_KUBECONFIG that API server judges them, but for those that its schema refuses.
"""

import copy
import os
import unittest

from policy import FOLDER, ROOT, Policy, User, comments, documents, rights_in

INLINE = {"pipeline": {"stages": [{"name": "one", "image": "example.org/one:1"}]}}
OTHER = {"pipeline": {"stages": [{"name": "one", "image": "example.org/other:1"}]}}
NAMED = {"pipelineRef": {"name": "trial-balance"}}
MAKES_JOBS = ("create", "jobs.batch", "finance")
FOR_OTHERS = ("request-for-others", "reportrequests.reports.ers.dev", "finance")
TO_OTHERS = ("deliver-to-others", "reportdeliveries.reports.ers.dev", "finance")
OPERATOR = User(
    "system:serviceaccount:report-operator:report-operator",
    *rights_in("manifests/base/role.yaml", "manifests/components/admission-policies/operator-role.yaml"),
)

COURIER = User(
    "system:serviceaccount:report-operator:report-courier",
    *rights_in("manifests/components/mqtt-intake/role.yaml", "manifests/components/mqtt-intake/for-others.yaml"),
)


def request(spec, **metadata):
    return {
        "apiVersion": "reports.ers.dev/v1",
        "kind": "ReportRequest",
        "metadata": {"name": "x", "namespace": "finance", **metadata},
        "spec": copy.deepcopy(spec),
    }


def schedule(spec, **metadata):
    made = request(spec, **metadata)
    made["kind"] = "ReportSchedule"
    made["spec"] = {"schedule": "0 6 * * *", "request": {"spec": made["spec"]}}
    return made


def trigger(spec, *steps, **metadata):
    made = request(spec, **metadata)
    made["kind"] = "ReportTrigger"
    made["spec"] = {"match": {"labels": {"alertname": "Stopped"}}, "request": made["spec"], "tokenSHA256": "0" * 64}
    if steps:
        made["spec"]["escalation"] = [{"after": f"{n}h", "deliver": list(step)} for n, step in enumerate(steps, 1)]
    return made


def delivery(entry, **metadata):
    made = request({"reportID": "0b8f", **entry}, **metadata)
    made["kind"] = "ReportDelivery"
    return made


def sending(*entries, **spec):
    return {**NAMED, "deliver": [{"channel": "mail", **entry} for entry in entries], **spec}


def asking(email, **spec):
    return {**NAMED, "requester": {"email": email}, **spec}


if os.environ.get("POLICY_KUBECONFIG"):
    from server import SchemaRefuses as PassedOver
    from server import Server, ServerPolicy

    SERVER = Server(os.environ["POLICY_KUBECONFIG"])
    REFUSED = {
        "inline-pipelines": INLINE,
        "requesters": asking("somebody@example.org"),
        "recipients": sending({"to": ["somebody@example.org"]}),
    }

    def judge(file):
        return ServerPolicy(file, SERVER, (User("canary@example.org"), request(REFUSED[file])))

else:

    class PassedOver(Exception):
        """Nothing is: there is no schema."""

    def judge(file):
        return Policy(file)


class PolicyTestCase(unittest.TestCase):
    file: str

    def setUp(self):
        self.policy = judge(self.file)

    def admits(self, user, new, old=None):
        for kind in (request, schedule):
            with self.subTest(kind.__name__, user=user.name, new=new, old=old):
                self.assertIsNone(self.refusal(user, kind(new), None if old is None else kind(old)))

    def refuses(self, user, new, old=None, saying=()):
        for kind in (request, schedule):
            with self.subTest(kind.__name__, user=user.name, new=new, old=old):
                told = self.refusal(user, kind(new), None if old is None else kind(old))
                self.assertIsNotNone(told)
                for words in (user.name, "finance", *saying):
                    self.assertIn(words, told)

    def refusal(self, user, new, old=None):
        try:
            return self.policy.refusal(user, new, old)
        except PassedOver as error:
            self.skipTest(f"the schema refuses it: {error}")

    def is_bound_and_refuses_what_it_cannot_judge(self):
        self.assertEqual(self.policy.spec["failurePolicy"], "Fail")
        self.assertEqual(self.policy.binding["spec"]["policyName"], self.policy.document["metadata"]["name"])
        self.assertEqual(self.policy.binding["spec"]["validationActions"], ["Deny", "Audit"])


class InlinePipelines(PolicyTestCase):
    file = "inline-pipelines"

    def test_is_bound(self):
        self.is_bound_and_refuses_what_it_cannot_judge()

    def test_who_may_make_jobs_brings_pipelines(self):
        self.admits(User("ada", MAKES_JOBS), INLINE)
        self.admits(User("ada", MAKES_JOBS), OTHER, old=INLINE)
        self.admits(User("ada", MAKES_JOBS), INLINE, old=NAMED)

    def test_who_may_not_brings_none(self):
        self.refuses(User("bob"), INLINE, saying=["jobs.batch", "pipelineRef"])
        self.refuses(User("bob", ("create", "jobs.batch", "sales")), INLINE)
        self.refuses(User("bob", ("delete", "jobs.batch", "finance"), ("create", "pods", "finance")), INLINE)

    def test_nor_by_an_update(self):
        self.refuses(User("bob"), OTHER, old=INLINE)
        self.refuses(User("bob"), INLINE, old=NAMED)
        both = {**INLINE, **NAMED}
        self.refuses(User("bob"), both, old=NAMED)

    def test_who_may_not_asks_for_named_ones_and_goes_on_writing(self):
        bob = User("bob")
        self.admits(bob, NAMED)
        self.admits(bob, {**NAMED, "parameters": {"period": "2026-10"}})
        self.admits(bob, NAMED, old=INLINE)
        self.admits(bob, {**INLINE, "cancel": True}, old=INLINE)
        self.admits(bob, {**INLINE, "attempt": 2, "priority": 5}, old=INLINE)
        # It doesn't help to turn a null into a pipeline, or the other way round.
        self.admits(bob, {}, old=NAMED)

    def test_metadata_and_status_are_nobodys_concern(self):
        old = request(INLINE)
        new = {**request(INLINE, finalizers=[], labels={"a": "b"}), "status": {"phase": "Running"}}
        self.assertIsNone(self.refusal(User("bob"), new, old))

    def test_the_operator_makes_requests_of_schedules_and_of_redis(self):
        self.admits(OPERATOR, INLINE)
        self.admits(OPERATOR, asking("ada@example.org"))

    def test_the_courier_takes_requests_in_for_whoever_asks_and_brings_no_pipeline(self):
        self.admits(COURIER, asking("ada@example.org"))
        self.refuses(COURIER, INLINE)


class Requesters(PolicyTestCase):
    file = "requesters"

    def test_is_bound(self):
        self.is_bound_and_refuses_what_it_cannot_judge()

    def test_everybody_asks_for_themselves_or_for_nobody(self):
        ada = User("ada@example.org")
        self.admits(ada, NAMED)
        self.admits(ada, {**NAMED, "requester": {}})
        self.admits(ada, {**NAMED, "requester": {"name": "Ada"}})
        self.admits(ada, asking("ada@example.org"))
        self.admits(ada, asking("Ada@Example.org"))
        self.admits(User("Ada@Example.ORG"), asking("ada@example.org"))

    def test_nobody_asks_for_others(self):
        ada = User("ada@example.org", MAKES_JOBS)
        self.refuses(ada, asking("bob@example.org"), saying=["bob@example.org", "request-for-others"])
        self.refuses(ada, asking("ada@example.org.evil"))
        self.refuses(User("system:serviceaccount:finance:portal"), asking("bob@example.org"))

    def test_nor_by_an_update(self):
        ada = User("ada@example.org")
        self.refuses(ada, asking("bob@example.org"), old=NAMED)
        self.refuses(ada, asking("bob@example.org"), old=asking("ada@example.org"))
        self.refuses(ada, asking("bob@example.org"), old=asking("eve@example.org"))

    def test_what_does_not_change_the_requester_is_let_through(self):
        bob = User("bob@example.org")
        self.admits(bob, asking("ada@example.org", cancel=True), old=asking("ada@example.org"))
        self.admits(bob, asking("ada@example.org", attempt=2), old=asking("ADA@example.org"))
        self.admits(bob, asking("bob@example.org"), old=asking("ada@example.org"))
        self.admits(bob, NAMED, old=asking("ada@example.org"))

    def test_the_verb_lets_a_portal_ask_for_people_in_its_namespace_alone(self):
        portal = "system:serviceaccount:finance:portal"
        self.admits(User(portal, FOR_OTHERS), asking("bob@example.org"))
        self.admits(User(portal, FOR_OTHERS), asking("bob@example.org"), old=asking("ada@example.org"))
        self.refuses(User(portal, (*FOR_OTHERS[:2], "sales")), asking("bob@example.org"))

    def test_the_operator_makes_requests_of_schedules_and_of_redis(self):
        self.admits(OPERATOR, asking("ada@example.org"))
        # As a run's status and finalizers are written.
        self.admits(OPERATOR, asking("ada@example.org", cancel=True), old=asking("ada@example.org"))

    def test_the_courier_asks_for_whoever_a_message_names(self):
        self.admits(COURIER, asking("ada@example.org"))

    def test_a_trigger_is_asked_the_same(self):
        ada, own, others = User("ada@example.org"), asking("ada@example.org"), asking("bob@example.org")
        self.assertIsNone(self.refusal(ada, trigger(own)))
        self.assertIsNone(self.refusal(ada, trigger(NAMED)))
        self.assertIn("request-for-others", self.refusal(ada, trigger(others)))
        self.assertIn("request-for-others", self.refusal(ada, trigger(others), trigger(own)))
        self.assertIsNone(self.refusal(ada, trigger(others, [{"channel": "mail"}]), trigger(others)))
        self.assertIsNone(self.refusal(User("ada@example.org", FOR_OTHERS), trigger(others)))

    def test_the_expression_that_takes_a_prefix_away_is_one(self):
        (expression,) = comments(self.file)
        self.policy.replace("caller", expression)
        self.admits(User("oidc:Ada@example.org"), asking("ada@example.org"))
        self.refuses(User("ada@example.org"), asking("ada@example.org"))


class Recipients(PolicyTestCase):
    file = "recipients"
    ada = User("ada@example.org")

    def test_is_bound(self):
        self.is_bound_and_refuses_what_it_cannot_judge()

    def test_everybody_sends_to_themselves_and_names_channels(self):
        self.admits(self.ada, NAMED)
        self.admits(self.ada, sending())
        self.admits(self.ada, sending({}))
        self.admits(self.ada, sending({"to": ["Ada@example.org"], "replyTo": "ada@example.org"}))
        self.admits(self.ada, {**INLINE, "deliver": [{"channel": "archive"}]})
        # Whom a request is for, another policy says.
        self.admits(self.ada, sending({"to": ["bob@example.org"]}, requester={"email": "bob@example.org"}))

    def test_to_others_takes_the_verb(self):
        for entry in (
            {"to": ["bob@example.org"]},
            {"to": ["ada@example.org", "bob@example.org"]},
            {"to": ["ada@example.org"], "cc": ["bob@example.org"]},
            {"replyTo": "bob@example.org"},
            {"to": ["ada@example.org.evil"]},
        ):
            self.refuses(self.ada, sending({}, entry), saying=["deliver-to-others"])
            self.admits(User("ada@example.org", TO_OTHERS), sending({}, entry))
            self.refuses(User("ada@example.org", (*TO_OTHERS[:2], "sales")), sending(entry))
            own = {"pipeline": {**INLINE["pipeline"], "deliver": [{"channel": "mail", **entry}]}}
            self.refuses(User("ada@example.org", MAKES_JOBS), own)

    def test_nor_by_an_update(self):
        old = sending({"to": ["bob@example.org"]})
        self.admits(self.ada, {**old, "cancel": True}, old=old)
        self.admits(self.ada, sending({"to": ["ada@example.org"]}), old=old)
        self.refuses(self.ada, sending({"to": ["eve@example.org"]}), old=old)
        self.refuses(self.ada, old, old=NAMED)

    def test_a_resend_is_asked_the_same(self):
        own, others = delivery({"channel": "mail", "to": ["ada@example.org"]}), delivery(
            {"channel": "mail", "to": ["bob@example.org"]}
        )
        self.assertIsNone(self.refusal(self.ada, own))
        self.assertIsNone(self.refusal(self.ada, delivery({"channel": "archive"})))
        self.assertIn("deliver-to-others", self.refusal(self.ada, others))
        self.assertIsNone(self.refusal(User("ada@example.org", TO_OTHERS), others))
        # As the courier writes its finalizer.
        courier = User("system:serviceaccount:report-operator:report-courier")
        marked = delivery({"channel": "mail", "to": ["bob@example.org"]}, finalizers=["reports.ers.dev/delivery"])
        self.assertIsNone(self.refusal(courier, marked, others))

    def test_so_is_a_trigger_with_each_of_its_steps(self):
        own, others = {"channel": "mail", "to": ["ada@example.org"]}, {"channel": "mail", "to": ["bob@example.org"]}
        self.assertIsNone(self.refusal(self.ada, trigger(NAMED)))
        self.assertIsNone(self.refusal(self.ada, trigger(sending(own), [own], [])))
        for steps in ([others],), ([], [own, others]):
            self.assertIn("deliver-to-others", self.refusal(self.ada, trigger(sending(own), *steps)))
            self.assertIn("deliver-to-others", self.refusal(self.ada, trigger(NAMED, *steps), trigger(NAMED)))
            self.assertIsNone(self.refusal(User("ada@example.org", TO_OTHERS), trigger(NAMED, *steps)))
            # Who changes something else in it goes on writing.
            self.assertIsNone(self.refusal(self.ada, trigger(asking("x@y.z"), *steps), trigger(NAMED, *steps)))
        self.assertIn("deliver-to-others", self.refusal(self.ada, trigger(sending(others))))

    def test_the_operator_makes_what_was_agreed(self):
        self.admits(OPERATOR, sending({"to": ["bob@example.org"]}))
        self.assertIsNone(self.refusal(OPERATOR, delivery({"channel": "mail", "to": ["bob@example.org"]})))

    def test_the_courier_names_channels_and_nobody(self):
        self.admits(COURIER, sending({}))
        self.refuses(COURIER, sending({"to": ["bob@example.org"]}))

    def test_edit_does_not_give_the_verb(self):
        roles = [role for role in documents(ROOT / "manifests/people/roles.yaml")]
        [holder] = [role for role in roles if "deliver-to-others" in str(role["rules"])]
        self.assertNotIn("labels", holder["metadata"])

    def test_the_expression_that_takes_a_prefix_away_is_one(self):
        (expression,) = comments(self.file)
        self.policy.replace("caller", expression)
        self.admits(User("oidc:Ada@example.org"), sending({"to": ["ada@example.org"]}))
        self.refuses(self.ada, sending({"to": ["ada@example.org"]}))


class Component(unittest.TestCase):
    def test_names_every_file_of_its_folder(self):
        (kustomization,) = documents(FOLDER / "kustomization.yaml")
        files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
        self.assertEqual(set(kustomization["resources"]), files)

    def test_gives_the_verb_to_the_operators_account(self):
        binding = documents(FOLDER / "operator-role.yaml")[1]
        [subject] = binding["subjects"]
        self.assertEqual(f"system:serviceaccount:{subject['namespace']}:{subject['name']}", OPERATOR.name)

    def test_a_misspelt_expression_is_noticed(self):
        policy = Policy("requesters")
        for wrong in (
            "variables.emial == ''",
            "request.userinfo.username",
            "authorizer.group('batch').check('create').allowed()",
            "variables.email.lowercase()",
            "variables.email + 1",
        ):
            with self.subTest(wrong), self.assertRaises(Exception):
                policy.compiled(wrong)


if __name__ == "__main__":
    unittest.main()
