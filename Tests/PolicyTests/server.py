"""The same policies as a real API server applies them, from Kubernetes 1.30 on.

Each write is a dry run as the user of the case, who has exactly the rights of the case besides that of writing. One policy
at a time is installed, so that no other answers for it. The namespace finance is made where it isn't there, and stays.
"""

import http.client
import json
import re
import sys
import time
import unittest
from urllib.parse import quote

from policy import FOLDER, ROOT, Policy, documents

sys.path.insert(0, str(ROOT / "hack/lib/bench"))
from api import Api  # noqa: E402

POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
BINDINGS = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
REPORTS = "/apis/reports.ers.dev/v1/namespaces/finance/"
KINDS = ("reportrequests", "reportschedules", "reporttriggers", "reportdeliveries")


class Server:
    """An API server by its kubeconfig, asked as its administrator or as somebody else."""

    def __init__(self, kubeconfig):
        self.api = Api(kubeconfig)
        self.rights = set()
        self.ensure("/api/v1/namespaces", {"metadata": {"name": "finance"}})
        writes = [("*", kind + ".reports.ers.dev", "finance") for kind in KINDS]
        verbs = ["create", "get", "update", "patch"]
        self.grant("writes", writes, group="system:authenticated", verbs=verbs)

    def ask(self, method, path, body=None, user=None):
        headers = {"Content-Type": "application/json"}
        if user:
            headers["Impersonate-User"] = user
        try:
            self.api.connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = self.api.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            self.api.connection.close()
            self.api.connection = self.api.connect()
            return self.ask(method, path, body, user)
        return answer.status, json.loads(answer.read())

    def ensure(self, path, manifest):
        status, answer = self.ask("POST", path, manifest)
        if status >= 400 and answer.get("reason") != "AlreadyExists":
            raise RuntimeError(f"POST {path}: {status} {answer.get('message')}")

    def grant(self, name, rights, user=None, group=None, verbs=None):
        """Rights as `User` has them: in the namespace that each names, or everywhere."""
        subject = {"kind": "Group" if group else "User", "name": group or user, "apiGroup": "rbac.authorization.k8s.io"}
        for number, (verb, qualified, namespace) in enumerate(sorted(rights, key=str)):
            resource, _, api_group = qualified.partition(".")
            role = f"{name}-{number}"
            kind = "Role" if namespace else "ClusterRole"
            place = f"{RBAC}/namespaces/{namespace}" if namespace else RBAC
            if namespace and namespace != "finance":
                self.ensure("/api/v1/namespaces", {"metadata": {"name": namespace}})
            rule = {"apiGroups": [api_group], "resources": [resource], "verbs": verbs or [verb]}
            self.ensure(f"{place}/{kind.lower()}s", {"metadata": {"name": role}, "rules": [rule]})
            self.ensure(f"{place}/{kind.lower()}bindings", {
                "metadata": {"name": role}, "subjects": [subject],
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role}})
            attributes = {"verb": (verbs or [verb])[0], "group": api_group, "resource": resource.partition("/")[0],
                          "subresource": resource.partition("/")[2], "namespace": namespace or "finance"}
            groups = [group] if group else []
            review = {"resourceAttributes": attributes, "user": user or "x", "groups": groups}
            until(lambda review=review: self.is_allowed(review))

    def named(self, user):
        """A user of the server with those rights; the same name with other rights is told apart by what it may do."""
        key = (user.name, frozenset(user.rights))
        if key not in self.rights:
            # A name is compared with addresses, so it can't be changed: rights of a case before are taken back.
            for _, others in [known for known in self.rights if known[0] == user.name]:
                self.take_back(user.name, others)
            self.rights = {known for known in self.rights if known[0] != user.name} | {key}
            self.grant(slug(user.name), user.rights, user=user.name)
        return user.name

    def take_back(self, name, rights):
        for number, (verb, qualified, namespace) in enumerate(sorted(rights, key=str)):
            place = f"{RBAC}/namespaces/{namespace}" if namespace else RBAC
            kind = "role" if namespace else "clusterrole"
            for path in (f"{kind}bindings", f"{kind}s"):
                self.ask("DELETE", f"{place}/{path}/{slug(name)}-{number}")
            resource, _, api_group = qualified.partition(".")
            review = {"user": name, "resourceAttributes": {
                "verb": verb, "group": api_group, "resource": resource.partition("/")[0],
                "subresource": resource.partition("/")[2], "namespace": namespace or "finance"}}
            until(lambda review=review: not self.is_allowed(review))

    def is_allowed(self, review):
        _, answer = self.ask("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {"spec": review})
        return answer["status"]["allowed"]


class ServerPolicy(Policy):
    """A policy that the server applies; nobody else's is installed meanwhile."""

    installed = None

    def __init__(self, file, server, canary):
        """`canary`: a write that the policy refuses, by which its coming and going is seen."""
        super().__init__(file)
        self.server = server
        if ServerPolicy.installed != file:
            self.install(canary)

    def install(self, canary):
        for file in sorted(path.stem for path in FOLDER.glob("*.yaml")):
            for document in documents(FOLDER / (file + ".yaml")):
                if document["kind"].startswith("ValidatingAdmissionPolicy"):
                    path = BINDINGS if document["kind"].endswith("Binding") else POLICIES
                    self.server.ask("DELETE", f"{path}/{document['metadata']['name']}")
        until(lambda: self.told(*canary) is None)
        self.server.ensure(POLICIES, self.document)
        self.server.ensure(BINDINGS, self.binding)
        until(lambda: self.told(*canary) is not None)
        name = self.document["metadata"]["name"]

        def checking():
            return self.server.ask("GET", f"{POLICIES}/{name}")[1].get("status", {}).get("typeChecking")

        until(lambda: checking() is not None)
        if checking().get("expressionWarnings"):
            raise TypeError(checking())
        ServerPolicy.installed = self.document["metadata"]["name"].removeprefix("report-operator-")

    def replace(self, variable, expression):
        raise unittest.SkipTest("the server has the policies as they are")

    def refusal(self, user, new, old=None):
        self.server.named(user)
        return self.told(user, new, old)

    def told(self, user, new, old=None):
        resource = {"ReportDelivery": "reportdeliveries"}.get(new["kind"], new["kind"].lower() + "s")
        place = REPORTS + resource
        if old is None:
            status, answer = self.server.ask("POST", place + "?dryRun=All", new, user.name)
        else:
            status, made = self.server.ask("POST", place, old)
            if status >= 400:
                return self.passed_over(made)
            try:
                version = made["metadata"]["resourceVersion"]
                changed = {**new, "metadata": {**new["metadata"], "resourceVersion": version}}
                path = f"{place}/{quote(made['metadata']['name'])}"
                status, answer = self.server.ask("PUT", path + "?dryRun=All", changed, user.name)
            finally:
                self.server.ask("DELETE", f"{place}/{quote(made['metadata']['name'])}")
        if status < 400:
            return None
        words = r"ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied request: (.*)"
        found = re.search(words, answer["message"])
        return found.group(1) if found else self.passed_over(answer)

    def passed_over(self, answer):
        if answer.get("reason") != "Invalid":
            raise RuntimeError(answer["message"])
        raise SchemaRefuses(answer["message"])


class SchemaRefuses(Exception):
    """The write never came to the policy."""


def slug(name):
    """A name for roles: what differs in case alone stays apart."""
    return "policy-" + name.encode().hex()[-200:]


def until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the server didn't come to it in 60 s")
        time.sleep(0.05)
