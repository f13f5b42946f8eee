"""What an author begins with: hack/new-report, hack/stage-image, and the Dockerfile for those who have an engine."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
PANDAS = """
import pandas
from report_stage import results, stage
orders = pandas.read_csv("/stages/orders.csv", dtype={"amount": str})
sums = orders.assign(cents=(orders["amount"].str.replace(".", "")).astype(int)).groupby("customer")["cents"].sum()
print(f"{pandas.__version__} {sums['Alder Works']}")
"""


def run(*command: object, **options) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **options.pop("env", {})}
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment, **options)


class StageImageTestCase(unittest.TestCase):
    def setUp(self):
        # Below /var/tmp: the base has hundreds of megabytes.
        folder = tempfile.TemporaryDirectory(dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)

    def new_report(self, name: str = "monthly-sales") -> Path:
        result = run(ROOT / "hack/new-report", name, "--in", self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"hack/stage-image {self.folder / name}/stages --name {name} --load", result.stdout)
        return self.folder / name

    def image(self, *arguments: object) -> Path:
        result = run(ROOT / "hack/stage-image", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return Path(result.stdout.strip())

    def unpack(self, image: Path) -> tuple[Path, dict]:
        """The image's file system, as a container would see it, and its configuration."""
        layout, root = self.folder / "layout", self.folder / "root"
        for folder in (layout, root):
            shutil.rmtree(folder, ignore_errors=True)
        with tarfile.open(image) as tar:
            tar.extractall(layout)

        def blob(digest: str) -> Path:
            return layout / "blobs" / digest.replace(":", "/")

        (manifest,) = json.loads((layout / "index.json").read_text())["manifests"]
        described = json.loads(blob(manifest["digest"]).read_text())
        root.mkdir(mode=0o755)
        for layer in described["layers"]:
            subprocess.run(["tar", "-xf", blob(layer["digest"]), "-C", root], check=True)
        config = json.loads(blob(described["config"]["digest"]).read_text())["config"]
        config["name"] = manifest["annotations"]["io.containerd.image.name"]
        return root, config

    def inside(self, root: Path, *command: str, **variables: str) -> subprocess.CompletedProcess:
        """Runs a command in the image's file system, as its user."""
        # A container has a volume there, which its user may write to.
        (root / "workspace").chmod(0o777)
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **variables}
        entering = ["/usr/sbin/chroot", "--userspec=65532:65532", root]
        return subprocess.run([*entering, *command], env=environment, capture_output=True, text=True)


class NewReportTests(StageImageTestCase):
    def test_its_own_test_passes_as_it_is(self):
        folder = self.new_report()
        library = {"PYTHONPATH": str(ROOT / "Sources/StageLibrary")}
        test = run(sys.executable, "-m", "unittest", "discover", folder, env=library)
        self.assertEqual(test.returncode, 0, test.stderr)
        self.assertRegex(test.stderr, r"Ran [3-9] tests")

    def test_all_of_it_has_the_reports_name(self):
        folder = self.new_report("line-stops")
        files = [path for path in folder.rglob("*") if path.is_file()]
        for path in files:
            self.assertNotIn("starter", path.read_text(), path)
            self.assertNotIn("FOLDER", path.read_text(), path)
        names = {str(path.relative_to(folder)) for path in files}
        stages = {f"stages/{name}" for name in ("extract.py", "transform.py", "publish.py", "orders.csv")}
        self.assertEqual(names, stages | {"pipeline.yaml", "request.yaml", "schedule.yaml", "test_stages.py"})
        pipeline = (folder / "pipeline.yaml").read_text()
        self.assertEqual(pipeline.count("image: localhost/line-stops:1"), 3)

    def test_names_that_can_not_be_and_folders_that_are_there(self):
        for name in ("Sales", "sales_2026", "-sales", "sales--eu", "s" * 41, "../sales", "sales eu"):
            result = run(ROOT / "hack/new-report", name, "--in", self.folder)
            self.assertEqual(result.returncode, 1, name)
            self.assertIn(name, result.stderr)
        self.new_report("sales")
        self.assertIn("is there already", run(ROOT / "hack/new-report", "sales", "--in", self.folder).stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["sales"])


class StageImageTests(StageImageTestCase):
    def test_stages_run_in_it_as_its_user(self):
        folder = self.new_report()
        (folder / "stages/__pycache__").mkdir()
        (folder / "stages/.notes").write_text("private")
        image = self.image(folder / "stages", "--name", "monthly-sales")
        root, config = self.unpack(image)
        self.assertEqual((config["name"], config["User"]), ("localhost/monthly-sales:1", "65532:65532"))
        found = {path.name for path in (root / "stages").iterdir()}
        self.assertEqual(found, {"extract.py", "transform.py", "publish.py", "orders.csv"})
        for name in ("extract", "transform", "publish"):
            stage = self.inside(root, "python3", f"/stages/{name}.py", REPORT_PARAM_PERIOD="2026-10")
            self.assertEqual(stage.returncode, 0, stage.stderr)
        self.assertRegex(stage.stdout, r"Total +4 +1,749\.95")
        # What stages in shell and of others need.
        for command in ("sh -c 'echo $((1+1))'", "publish-rows --help", "mariadb --version", "sed --version"):
            self.assertEqual(self.inside(root, "sh", "-c", command).returncode, 0, command)
        imports = "import bson, pymongo, pymysql, ssl, sqlite3, zoneinfo; zoneinfo.ZoneInfo('Europe/Berlin')"
        self.assertEqual(self.inside(root, "python3", "-c", imports).stderr, "")
        trusted = "import ssl; print(len(ssl.create_default_context().get_ca_certs()))"
        self.assertGreater(int(self.inside(root, "python3", "-c", trusted).stdout or 0), 50)

    def test_it_is_built_anew_only_after_a_change(self):
        folder = self.new_report()
        first = self.image(folder / "stages", "--name", "sales")
        stamp = first.stat().st_mtime_ns
        self.assertEqual(self.image(folder / "stages", "--name", "sales"), first)
        self.assertEqual(first.stat().st_mtime_ns, stamp)
        (folder / "stages/extract.py").write_text("print('other')")
        output = self.folder / "sales.tar"
        second = self.image(folder / "stages", "--name", "registry.example/reports/sales:2", "--output", output)
        self.assertNotEqual(second, first)
        self.assertEqual(output.read_bytes(), second.read_bytes())
        self.assertEqual(self.unpack(second)[1]["name"], "registry.example/reports/sales:2")

    def test_pandas_from_pypi_and_packages_of_debian(self):
        folder = self.new_report()
        requirements = folder / "requirements.txt"
        requirements.write_text("pandas>=2\n")
        (folder / "stages/analyse.py").write_text(PANDAS)
        image = self.image(
            folder / "stages", "--name", "sales", "--python", requirements, "--debian", "jq,xmlstarlet"
        )
        root, _ = self.unpack(image)
        result = self.inside(root, "python3", "/stages/analyse.py")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"^[23]\.\d+\.\d+ 170000\n$")
        self.assertEqual(self.inside(root, "sh", "-c", "echo '{\"a\": 7}' | jq .a").stdout, "7\n")
        self.assertEqual(self.inside(root, "xmlstarlet", "--version").returncode, 0)

    def test_drivers_of_live_sources_load_in_it(self):
        stages = ROOT / "manifests/samples/stock-coverage/stages"
        packages = "python3-zeep,python3-pyodbc,odbc-mariadb,odbc-postgresql"
        root, config = self.unpack(self.image(stages, "--name", "stock-coverage", "--debian", packages))
        pipeline = (stages.parent / "pipeline.yaml").read_text()
        self.assertEqual(pipeline.count(f"image: {config['name']}\n"), 3)
        self.assertIn(packages, pipeline)
        drivers = f"/usr/lib/{os.uname().machine}-linux-gnu/odbc"
        for driver in ("libmaodbc.so", "psqlodbcw.so"):
            odbc = f"Driver={drivers}/{driver};Server=127.0.0.1;Port=9;Database=erp;UID=a;PWD=b"
            variables = {"STOCK_ODBC": odbc, "RETRY_PAUSE": "0.01", "REPORT_PARAM_PLANT": "P100"}
            stage = self.inside(root, "python3", "/stages/extract_stock.py", **variables)
            # It has been loaded, and nobody is there.
            self.assertEqual(stage.returncode, 69, stage.stderr)
            self.assertIn("try 5 of 5", stage.stdout)
        variables = {"ERP_WSDL": "http://127.0.0.1:9/?wsdl", "RETRY_PAUSE": "0.01", "REPORT_PARAM_PLANT": "P100"}
        stage = self.inside(root, "python3", "/stages/extract_orders.py", **variables)
        self.assertEqual(stage.returncode, 69, stage.stderr)

    def test_what_can_not_be_is_said(self):
        for arguments, words in (
            (["--name", "sales"], "a folder and --name are needed"),
            ([self.folder], "a folder and --name are needed"),
            ([self.folder / "absent", "--name", "sales"], "there is no folder"),
            ([self.folder, "--name", "Sales"], "can't be an image's name"),
            ([self.folder, "--name", "sales", "--python", "absent.txt"], "there is no absent.txt"),
        ):
            result = run(ROOT / "hack/stage-image", *arguments)
            self.assertEqual(result.returncode, 1)
            self.assertIn(words, result.stderr)

    def test_the_dockerfile_takes_the_same_packages(self):
        script = (ROOT / "hack/lib/image/stage-rootfs").read_text()
        packages = set(re.search(r"packages=\(([^)]*)\)", script)[1].split())
        dockerfile = (ROOT / "hack/lib/image/stage.Dockerfile").read_text()
        named = set(re.search(r"--no-install-recommends \\\n(.*?)\$DEBIAN", dockerfile)[1].split())
        self.assertEqual(named - {"python3-pip"}, packages)


@unittest.skipUnless(os.environ.get("STAGE_TEST_CLUSTER"), "there is no cluster")
class ClusterTests(StageImageTestCase):
    """In the cluster that KUBECONFIG names, whose operator runs."""

    namespace = "first-report"

    def kubectl(self, *arguments: object) -> str:
        result = run("kubectl", "--namespace", self.namespace, *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_report_of_ones_own_runs(self):
        run("kubectl", "create", "namespace", self.namespace)
        self.addCleanup(run, "kubectl", "delete", "namespace", self.namespace, "--wait=false")
        folder = self.new_report()
        for name in ("pipeline", "request", "schedule"):
            self.kubectl("apply", "--dry-run=server", "-f", folder / f"{name}.yaml")
        cluster = os.environ["STAGE_TEST_CLUSTER"]
        self.image(folder / "stages", "--name", "monthly-sales", "--load", "--cluster", cluster)
        self.kubectl("apply", "-f", folder / "pipeline.yaml")
        self.kubectl("apply", "-f", folder / "request.yaml")
        request = "reportrequest/monthly-sales-2026-10"
        waited = run("kubectl", "-n", self.namespace, "wait", "--for=condition=Complete", "--timeout=180s", request)
        self.assertEqual(waited.returncode, 0, self.kubectl("get", request, "-o", "jsonpath={.status}"))
        # A month without orders: the status says what the stage said.
        text = (folder / "request.yaml").read_text().replace("2026-10", "2025-01")
        (folder / "request.yaml").write_text(text)
        self.kubectl("apply", "-f", folder / "request.yaml")
        request = "reportrequest/monthly-sales-2025-01"
        self.kubectl("wait", "--for=condition=Failed", "--timeout=120s", request)
        message = self.kubectl("get", request, "-o", "jsonpath={.status.stages[?(@.phase==\"Failed\")].message}")
        self.assertIn("extract: there are no orders in 2025-01; they are of 2026-09-02 to 2026-11-03", message)


if __name__ == "__main__":
    unittest.main()
