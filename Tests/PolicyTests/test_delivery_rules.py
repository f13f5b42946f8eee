"""The rules in the definitions of ReportChannel and ReportDelivery: what they refuse, and with which words."""

import unittest

from cel_expr_python import cel

from policy import ROOT, documents


def rules(file, *path):
    """The rules of the node at that path of the schema."""
    (definition,) = documents(ROOT / "crds" / (file + ".yaml"))
    node = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    for name in path:
        node = node["properties"][name]
    return node["x-kubernetes-validations"]


def refusals(found, new, old=None):
    environment = cel.NewEnv(variables={"self": cel.Type.DYN, "oldSelf": cel.Type.DYN})
    messages = []
    for rule in found:
        # An API server asks rules on changes only when there was something before.
        if "oldSelf" in rule["rule"] and old is None:
            continue
        result = environment.compile(rule["rule"]).eval(data={"self": new, "oldSelf": old})
        if result.type() == cel.Type.ERROR:
            raise ValueError(f"{result.plain_value()}: {rule['rule']}")
        if result.plain_value() is not True:
            messages.append(rule["message"])
    return messages


TYPES = {
    "Mail": "mail", "SharePoint": "sharePoint", "Teams": "teams", "Webhook": "webhook", "MQTT": "mqtt",
    "Folder": "folder",
}


class ChannelRules(unittest.TestCase):
    RULES = rules("reportchannels", "spec")

    def test_exactly_the_member_of_the_type(self):
        for kind, member in TYPES.items():
            self.assertEqual(refusals(self.RULES, {"type": kind, member: {}}), [])
            self.assertEqual(
                refusals(self.RULES, {"type": kind}), [f"{member} is set exactly where type is {kind}"])
            other = next(name for name in TYPES.values() if name != member)
            self.assertEqual(len(refusals(self.RULES, {"type": kind, member: {}, other: {}})), 1)

    def test_default(self):
        for kind, member in TYPES.items():
            spec = {"type": kind, member: {}, "default": True}
            wanted = ["default is for Mail, Webhook, MQTT and Folder"] if kind in ("SharePoint", "Teams") else []
            self.assertEqual(refusals(self.RULES, spec), wanted)
            self.assertEqual(refusals(self.RULES, {**spec, "default": False}), [])

    def test_teams(self):
        found = rules("reportchannels", "spec", "teams")
        common = {"tenant": "t", "clientID": "c", "sharePointChannel": "s"}
        self.assertEqual(refusals(found, {}), [])
        self.assertEqual(refusals(found, {"post": "Workflow"}), [])
        self.assertEqual(refusals(found, {"post": "ChatMessage", "chatID": "1", **common}), [])
        self.assertEqual(refusals(found, {"post": "ChannelMessage", "teamID": "1", "channelID": "2", **common}), [])
        self.assertEqual(refusals(found, {"chatID": "1"}), ["chatID is set exactly where post is ChatMessage"])
        self.assertEqual(len(refusals(found, {"post": "ChannelMessage", "teamID": "1", **common})), 1)
        self.assertEqual(
            refusals(found, {"post": "ChatMessage", "chatID": "1"}),
            ["a message needs tenant, clientID and sharePointChannel"])

    def test_credentials_need_tls(self):
        found = rules("reportchannels", "spec", "mqtt")
        self.assertEqual(refusals(found, {"server": "mqtt://b"}), [])
        self.assertEqual(refusals(found, {"server": "mqtts://b", "credentials": {}}), [])
        self.assertEqual(
            refusals(found, {"server": "mqtt://b", "credentials": {}}), ["credentials need TLS; write mqtts://"])


class DeliveryRules(unittest.TestCase):
    RULES = rules("reportdeliveries", "spec")
    SPEC = {"reportID": "a", "channel": "mail", "to": ["dana@example.com"]}

    def test_spec_never_changes(self):
        self.assertEqual(refusals(self.RULES, self.SPEC, self.SPEC), [])
        for change in ({"channel": "other"}, {"to": []}, {"cc": ["lee@example.com"]}, {"only": {"plant": "north"}}):
            self.assertEqual(
                refusals(self.RULES, {**self.SPEC, **change}, self.SPEC),
                ["spec can't be changed; create another delivery"])

    def test_at_most_200_recipients(self):
        self.assertEqual(refusals(self.RULES, {"reportID": "a", "channel": "folder"}), [])
        self.assertEqual(refusals(self.RULES, {**self.SPEC, "to": ["a"] * 150, "cc": ["b"] * 50}), [])
        self.assertEqual(
            refusals(self.RULES, {**self.SPEC, "to": ["a"] * 150, "cc": ["b"] * 51}),
            ["to and cc together have at most 200 recipients"])


if __name__ == "__main__":
    unittest.main()
