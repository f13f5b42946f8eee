"""A ValidatingAdmissionPolicy as an API server applies it, on CEL's C++ implementation.

Expressions are compiled with the types that Kubernetes declares for them, so an undeclared name, a function that isn't
there or a wrong type fails. `object` and `oldObject` are of no type, as custom resources are in Kubernetes.
"""

import re
from pathlib import Path

import yaml
from cel_expr_python import cel
from cel_expr_python.ext import ext_strings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "manifests/components/admission-policies"


def documents(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


class User:
    """A name, and what it may do: triples of verb, qualified resource and namespace (None: everywhere)."""

    def __init__(self, name, *rights):
        self.name = name
        self.rights = set(rights)

    def may(self, verb, resource, namespace):
        return (verb, resource, namespace) in self.rights or (verb, resource, None) in self.rights


def authorizer_functions(authorizer, group, resource, decision, user=None):
    """Kubernetes' functions of `authorizer`, on those types. What they pass on is a text when they are evaluated."""
    string, boolean = cel.Type.STRING, cel.Type.BOOL

    def check(path, verb):
        api_group, kind, *namespace = path.split("|")
        qualified = kind + ("." + api_group if api_group else "")
        return str(user.may(verb, qualified, namespace[0] if namespace else "")) if user else ""

    def function(name, result, parameters, implementation):
        overload = cel.Overload(name, result, parameters, is_member=True, impl=implementation)
        return cel.FunctionDecl(name, [overload])

    return [
        function("group", group, [authorizer, string], lambda _, name: name),
        function("resource", resource, [group, string], lambda path, name: path + "|" + name),
        function("namespace", resource, [resource, string], lambda path, name: path + "|" + name),
        function("check", decision, [resource, string], check),
        function("allowed", boolean, [decision], lambda answer: answer == "True"),
    ]


class Policy:
    def __init__(self, file):
        self.document, self.binding = documents(FOLDER / (file + ".yaml"))
        self.spec = self.document["spec"]
        self.types = {
            "object": cel.Type.DYN,
            "oldObject": cel.Type.DYN,
            "request.userInfo.username": cel.Type.STRING,
        }
        # Each variable is typed by its expression, and known to those below it.
        for variable in self.spec["variables"]:
            self.types["variables." + variable["name"]] = self.compiled(variable["expression"]).return_type()
        for validation in self.spec["validations"]:
            for field, type_ in (("expression", cel.Type.BOOL), ("messageExpression", cel.Type.STRING)):
                found = self.compiled(validation[field]).return_type()
                if found != type_:
                    raise TypeError(f"{field} is of type {found.name()}: {validation[field]}")

    def compiled(self, expression):
        names = ("Authorizer", "GroupCheck", "ResourceCheck", "Decision")
        opaque = [cel.Type.AbstractType("kubernetes.authorization." + name) for name in names]
        return cel.NewEnv(
            variables={**self.types, "authorizer": opaque[0]},
            functions=authorizer_functions(*opaque),
            extensions=[ext_strings.ExtStrings()],
        ).compile(expression)

    def replace(self, variable, expression):
        [found] = [each for each in self.spec["variables"] if each["name"] == variable]
        found["expression"] = expression

    def matches(self, kind, operation):
        resource = {"ReportDelivery": "reportdeliveries"}.get(kind, kind.lower() + "s")
        return any(
            "reports.ers.dev" in rule["apiGroups"]
            and "v1" in rule["apiVersions"]
            and operation in rule["operations"]
            and resource in rule["resources"]
            for rule in self.spec["matchConstraints"]["resourceRules"]
        )

    def refusal(self, user, new, old=None):
        """What the caller is told; None where the write is admitted."""
        if not self.matches(new["kind"], "CREATE" if old is None else "UPDATE"):
            return None
        environment = cel.NewEnv(
            variables={**self.types, "authorizer": cel.Type.STRING},
            functions=authorizer_functions(*[cel.Type.STRING] * 4, user=user),
            extensions=[ext_strings.ExtStrings()],
        )
        data = {"object": new, "oldObject": old, "request.userInfo.username": user.name, "authorizer": ""}

        def value(expression):
            result = environment.compile(expression).eval(data=data)
            if result.type() == cel.Type.ERROR:
                raise ValueError(f"{result.plain_value()}: {expression}")
            return result.plain_value()

        for variable in self.spec["variables"]:
            data["variables." + variable["name"]] = value(variable["expression"])
        for validation in self.spec["validations"]:
            if value(validation["expression"]) is not True:
                return value(validation["messageExpression"])
        return None


def rights_in(*paths):
    """What the ClusterRoles of those manifests give, everywhere."""
    return {
        (verb, resource + ("." + group if group else ""), None)
        for path in paths
        for role in documents(ROOT / path)
        if role["kind"] == "ClusterRole"
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def comments(file):
    """The expressions that a policy's comments offer in place of its own."""
    text = (FOLDER / (file + ".yaml")).read_text()
    return re.findall(r'^ +#   "(.*)"$', text, flags=re.MULTILINE)
