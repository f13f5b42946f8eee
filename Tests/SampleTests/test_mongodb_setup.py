"""The users' roles that manifests/samples/mongodb makes: by setup.js in public images, by mongodb_admin.py elsewhere."""

import json
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "manifests/samples/mongodb"
# What mongosh has and Node hasn't, before an empty server.
SHELL = """
const fs = require('fs'), vm = require('vm');
const made = {roles: {}, users: {}};
const server = {
    hello: () => ({isWritablePrimary: true}),
    adminCommand: () => ({ok: 1}),
    createRole: ({role, privileges}) => { made.roles[role] = privileges; },
    updateRole: (role, {privileges}) => { made.roles[role] = privileges; },
    createUser: ({user, roles}) => { made.users[user] = roles; },
};
vm.runInNewContext(fs.readFileSync(process.argv[1], 'utf8'), {
    connect: () => server, sleep: () => {}, quit: () => {}, process: {env: {MONGODB_ADMIN_PASSWORD: 'a'}},
    require: name => JSON.parse(fs.readFileSync(name === '/setup/roles.json' ? process.argv[2] : name, 'utf8')),
});
console.log(JSON.stringify(made));
"""


class SetupTests(unittest.TestCase):
    def test_setup_grants_what_roles_json_says_where_it_says(self):
        said = subprocess.check_output(["node", "-e", SHELL, SAMPLE / "setup.js", SAMPLE / "roles.json"], text=True)
        made = json.loads(said)["roles"]
        roles = json.loads((SAMPLE / "roles.json").read_text())
        wanted = {
            role["role"]: [
                {"resource": {"db": grant.get("db", "reports"), "collection": grant["collection"]}, "actions": grant["actions"]}
                for grant in role["privileges"]
            ]
            for role in roles
        }
        self.assertEqual(made, wanted)
        # A stage tried by hand writes elsewhere; nothing of a stage's reaches the records.
        stages = {(grant["resource"]["db"], grant["resource"]["collection"]) for grant in made["reportsStages"]}
        self.assertIn(("reports_by_hand", ""), stages)
        self.assertNotIn(("reports", ""), stages)
        self.assertNotIn(("reports", "reports"), stages)


if __name__ == "__main__":
    unittest.main()
