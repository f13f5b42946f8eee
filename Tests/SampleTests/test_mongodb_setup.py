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


# The same before three members that are empty: there is no user yet, one of them isn't there at first, and it takes a while until
# one is elected.
MEMBERS = """
const fs = require('fs'), vm = require('vm');
const made = {users: {}, roles: [], waits: 0};
const refuse = code => { throw Object.assign(new Error(`code ${code}`), {code}); };
let absent = 2, election = 3;
const server = {
    hello: () => ({isWritablePrimary: made.set !== undefined && election-- <= 0}),
    adminCommand: ({replSetInitiate}) => {
        if (made.set) refuse(23);
        if (absent-- > 0) refuse(74);
        made.set = replSetInitiate;
    },
    createRole: ({role}) => { made.roles.push(role); },
    updateRole: () => {},
    createUser: ({user, pwd, roles}) => {
        if (made.users[user]) refuse(51003);
        made.users[user] = {pwd, roles};
    },
};
vm.runInNewContext(fs.readFileSync(process.argv[1], 'utf8'), {
    connect: uri => {
        const [, user, password] = /^mongodb:[/][/](?:(.*):(.*)@)?127/.exec(uri);
        if (user && made.users[user]?.pwd !== password) refuse(18);
        return server;
    },
    sleep: () => { made.waits += 1; },
    quit: code => { throw new Error(`quit ${code}`); },
    process: {env: {
        MONGODB_ADMIN_PASSWORD: 'a', MONGODB_PASSWORD: 'p', MONGODB_STAGES_PASSWORD: 's', MONGODB_COURIER_PASSWORD: 'c',
        MONGODB_READER_PASSWORD: 'r', MONGODB_BACKUP_PASSWORD: 'b', MONGODB_MEMBERS: 'a:1,b:1,c:1',
    }},
    require: () => JSON.parse(fs.readFileSync(process.argv[2], 'utf8')),
});
console.log(JSON.stringify(made));
"""


class SetupTests(unittest.TestCase):
    def test_setup_makes_a_replica_set_of_three_members_and_its_users(self):
        said = subprocess.check_output(["node", "-e", MEMBERS, SAMPLE / "setup.js", SAMPLE / "roles.json"], text=True)
        made = json.loads(said)
        self.assertEqual(made["set"]["_id"], "rs0")
        # The first becomes the primary, since on it alone the users can be made.
        self.assertEqual(
            made["set"]["members"],
            [
                {"_id": 0, "host": "a:1", "priority": 2},
                {"_id": 1, "host": "b:1", "priority": 1},
                {"_id": 2, "host": "c:1", "priority": 1},
            ],
        )
        self.assertEqual(made["users"]["admin"], {"pwd": "a", "roles": ["root"]})
        self.assertEqual(made["users"]["reports"], {"pwd": "p", "roles": ["reportsOperator"]})
        self.assertEqual(set(made["users"]), {"admin", "reports", "stages", "courier", "reader", "backup"})
        self.assertEqual(set(made["roles"]), {role["role"] for role in json.loads((SAMPLE / "roles.json").read_text())})
        # Twice for the member that wasn't there, three times for the election.
        self.assertEqual(made["waits"], 5)

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
