"""What is run of each page, in which order, and why the rest isn't. A block is named by the beginning of its text."""

from dataclasses import dataclass

PAGES = ("installation", "servers", "backup", "operations")


@dataclass(frozen=True)
class Step:
    page: str
    beginning: str
    # What its reader has by then, and what must hold afterwards: shell.
    before: str = ""
    after: str = ""


REQUEST = """kubectl apply -f - <<'END'
apiVersion: reports.ers.dev/v1
kind: ReportRequest
metadata: {name: tb-2026-10, namespace: finance}
spec: {pipelineRef: {name: trial-balance}}
END
"""

RECORD = """
import os, pymongo
reports = pymongo.MongoClient(os.environ["MONGODB_URI"]).get_default_database("reports").reports
reports.insert_one({"_id": "docs", "namespace": "finance", "name": "tb-2026-10", "createdAt": 1})"""

# An order by which a dump is told from an empty server, in the MongoDB of report-servers.
KEPT = """kubectl exec -n report-servers mongodb-0 -- python3 -c '
import os, pymongo
client = pymongo.MongoClient("127.0.0.1", directConnection=True, username="admin", password=os.environ["MONGODB_ADMIN_PASSWORD"])
%s'
"""

# A statement in the warehouse of report-servers.
WAREHOUSE = "kubectl exec -n report-servers mariadb-0 -- mariadb --socket=/run/mysqld/mysqld.sock --user=mysql warehouse -e '%s'"

# The tables of the warehouse's history, as the samples' stages make them.
HISTORY = """for sample in daily-production mean-time-to-failure; do
    kubectl exec -i -n report-servers mariadb-0 -- mariadb --socket=/run/mysqld/mysqld.sock --user=mysql warehouse \\
        <manifests/samples/$sample/stages/schema.sql
done
"""

STEPS = [
    Step("installation", "hack/release", after="(cd dist && sha256sum -c SHA256SUMS)"),
    Step(
        "installation",
        "kubectl apply -f dist/install.yaml",
        after="kubectl rollout status -n report-operator deployment/report-operator --timeout=2m"
        # Their own steps make them anew.
        "; kubectl delete -n report-operator deployment/report-courier deployment/report-gateway",
    ),
    Step("installation", "hack/image --output", after="tar -tf report-operator.tar | grep -x index.json"),
    Step("installation", "# my-installation/kustomization.yaml\n"),
    Step("installation", "# my-installation/kustomization.yaml, before"),
    Step(
        "installation",
        "$ kubectl apply -k ../my-installation",
        after="kubectl get -n report-operator deployment report-operator -o jsonpath='{..image}'"
        " | grep -x registry.example/report-operator:0.1.0",
    ),
    Step("installation", "kubectl create secret generic report-operator-mongodb"),
    Step("installation", "hack/image courier", after="tar -tf report-courier.tar | grep -x index.json"),
    Step(
        "installation",
        "kubectl create secret generic report-courier-mongodb",
        after="kubectl get -n report-operator deployment report-courier",
    ),
    Step("installation", "hack/image gateway", after="tar -tf report-gateway.tar | grep -x index.json"),
    Step(
        "installation",
        "kubectl create secret generic report-gateway-mongodb",
        after="kubectl rollout status -n report-operator deployment/report-gateway --timeout=2m",
    ),
    Step(
        "installation", "kubectl create serviceaccount my-account", after='[[ $token == *.*.* ]]; printf %s "$token" >../token'
    ),
    Step(
        "installation",
        "kubectl -n report-operator port-forward",
        # The answer is JSON: of an account without rights that none of its namespaces may be read.
        before="token=$(cat ../token); curl() { command curl \"$@\" | tee ../answer; }",
        after="kill %1; grep '\"' ../answer",
    ),
    Step("installation", "cp manifests/samples/gateway/issuers.yaml"),
    # Secrets that are there already: the same commands are to work.
    Step("installation", "kubectl create secret generic report-operator-mongodb"),
    Step(
        "servers",
        "hack/sample-servers image --load",
        after="kubectl get -n report-servers pods -o jsonpath='{.items[*].status.containerStatuses[*].ready}' | grep -x 'true true true'",
    ),
    Step(
        "servers",
        "(\numask 077; cd manifests/samples",
        before="cp -r manifests/samples ../kept; rm -r manifests/samples/{mongodb,redis,mariadb}/secrets",
        after="for server in mongodb redis mariadb; do"
        " diff <(cat ../kept/$server/secrets/* | sort) <(cat manifests/samples/$server/secrets/* | sort); done"
        # Three nodes are needed to run it: here it is put together at least.
        "; hack/sample-servers secrets operator --replicated | grep 'mongodb-0.*mongodb-1.*mongodb-2.*replicaSet=rs0'"
        "; kubectl kustomize manifests/samples/mongodb-replicated | grep -e '^  maxUnavailable: 1' -e '^  replicas: 3' | wc -l | grep -x 2",
    ),
    Step("servers", "kubectl exec -it -n report-servers mariadb-0"),
    Step("installation", "kubectl -n finance create rolebinding"),
    Step("backup", "kubectl exec -n report-servers mariadb-0 -- mariadb-dump", before=HISTORY, after="gunzip -c history-*.gz | grep production_of_day"),
    Step(
        "backup",
        "gunzip -c history-",
        before=WAREHOUSE % "DROP TABLE production_of_day",
        after=WAREHOUSE % "SELECT COUNT(*) FROM production_of_day",
    ),
    Step("backup", "hack/sample-servers secrets backup", after="kubectl get -n report-servers cronjob mongodb-backup"),
    Step(
        "backup",
        "kubectl create job -n report-servers",
        before=KEPT % "client.reports.kept.insert_one({})",
        after="kubectl get -n report-servers job backup-now",
    ),
    Step("backup", "kubectl wait -n report-servers --for=condition=complete", after="kubectl logs -n report-servers job/backup-now | grep archive.gz$"),
    Step(
        "backup",
        "kubectl scale -n report-operator",
        after=(KEPT % "assert client.reports.kept.count_documents({}) == 1, list(client.reports.list_collection_names())")
        + "kubectl rollout status -n report-operator deployment/report-operator --timeout=2m",
    ),
    Step("backup", "$ kubectl get rr tb-2026-10", before=REQUEST + "kubectl config set-context --current --namespace=finance"),
    Step(
        "backup",
        "kubectl annotate --local",
        before="kubectl get rr -n finance tb-2026-10 -o yaml >old.yaml; grep 'reports.ers.dev/accepted-uid: ' old.yaml",
        after="grep 'name: tb-2026-10' new.yaml; if grep 'reports.ers.dev/accepted-uid: ' new.yaml; then exit 1; fi",
    ),
    Step("backup", "kubectl get rr -A -o json", before="kubectl wait rr -A --all --for=condition=Recorded --timeout=2m"),
    Step("operations", "kubectl get rr -n finance tb-2026-10 -o json"),
    Step(
        "operations",
        "kubectl get rr -A -o jsonpath",
        before="kubectl patch rr -n finance tb-2026-10 --type=merge"
        """ -p '{"metadata": {"finalizers": ["example.com/kept"]}}'""",
    ),
    Step("operations", "# my-cluster/kustomization.yaml\n"),
    Step(
        "operations",
        "kubectl kustomize ../my-cluster",
        after="[[ $(kubectl kustomize ../my-cluster | grep -c -e --cluster-name=plant-2) == 3 ]]",
    ),
    Step("operations", 'eval "$(hack/services env)"'),
    Step("operations", "import os, pymongo\nadmin"),
    Step("operations", "import os, pymongo\ndb", before=f"/usr/bin/python3 -c '{RECORD}'"),
    Step("backup", "import os, pymongo, subprocess"),
    Step("backup", "import os, pymongo\nfor name in"),
    Step("operations", "$ redis-cli ACL SETUSER reports on"),
    Step("operations", "$ redis-cli ACL SETUSER sender"),
    Step("operations", "$ redis-cli XPENDING", before="redis-cli XGROUP CREATE reports:requests report-operator 0 MKSTREAM"),
    Step("operations", "$ redis-cli ZRANGE"),
    Step("operations", "kubectl create secret generic report-operator-mongodb"),
    Step(
        "operations",
        "node=$(kubectl get nodes",
        # Of db.example nothing can be recorded; requests go when they have been.
        before="hack/sample-servers secrets operator --by-address | kubectl apply -n report-operator -f -"
        # The step before has restarted it, too, and kubectl refuses a second time within a second.
        "; timeout 60 bash -c 'until kubectl rollout restart -n report-operator deployment/report-operator; do sleep 1; done'"
        "; kubectl rollout status -n report-operator deployment/report-operator",
        after='kubectl get node "$node" -o jsonpath={.spec.unschedulable} | grep -x true; kubectl uncordon "$node"',
    ),
    Step(
        "operations",
        "kubectl drain",
        # No budget lets go of a pod that isn't ready, as those are whose MongoDB is db.example. And the cluster has one node: in
        # place of another that takes the first replica it takes it itself, once the budget has kept the second.
        before="""kubectl delete deployment -n report-operator report-courier report-gateway
node=$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}')
kubectl() { command kubectl "$@" 2>&1 | tee -a ../drained; }
(until grep 'disruption budget' ../drained; do sleep 0.2; done; command kubectl uncordon "$node") &""",
        after="grep 'disruption budget' ../drained; wait %1"
        "; kubectl rollout status -n report-operator deployment/report-operator --timeout=2m",
    ),
    Step("installation", "kubectl apply -k ../my-installation"),
    Step("installation", "hack/uninstall --yes", after="[[ ! $(kubectl get namespace report-operator --ignore-not-found -o name) ]]"),
    Step("installation", "# my-namespace/kustomization.yaml\n"),
    Step("installation", "# my-namespace/kustomization.yaml, before"),
    Step(
        "installation",
        "kubectl create namespace finance",
        before="kubectl delete namespace finance",
        # It has its rights.
        after="kubectl auth can-i patch reportrequests/status -n finance --as=system:serviceaccount:finance:report-operator",
    ),
]

NOT_RUN = {
    ("installation", "docker build"): "no container engine here",
    ("servers", "kubectl apply -n report-servers -k manifests/samples/mongodb-repl"): "three nodes and DNS: the part services has three mongods",
    ("servers", "hack/lib/services/check-replicated"): "the part services runs it",
    ("servers", "hack/sample-servers passwords"): "public images and DNS: the block for the local cluster does the same",
    ("backup", "mongodump --uri"): "MongoDB's tools are in no package of Debian: tried by hand",
    ("backup", "mongorestore --uri"): "MongoDB's tools are in no package of Debian: tried by hand",
    ("backup", "apiVersion: snapshot.storage.k8s.io"): "the local cluster has no snapshots: untried",
    ("backup", "velero backup"): "the local cluster has no Velero: untried",
    ("operations", "- --blocking-pod-selector"): "options of Kured: untried",
}
