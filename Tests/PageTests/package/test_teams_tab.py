"""The package of a tab in Teams, without Teams: what is in it, and what is refused."""

import copy
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib

root = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(root / "hack/lib/page"))
sys.dont_write_bytecode = True
import teams_tab  # noqa: E402

URL = "https://reports.example.com/reports"


def manifest(*more):
    return teams_tab.manifest(teams_tab.options_of(["--url", URL, "--output", "x.zip", *more]))


class PackageTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "tab.zip"

    def run_script(self, *arguments):
        return subprocess.run([root / "hack/teams-tab", *arguments], capture_output=True, text=True, check=False)

    def test_the_script_makes_what_its_own_check_takes(self):
        made = self.run_script("--url", URL, "--output", self.file, "--name", "Month-end reports")
        self.assertEqual((made.returncode, made.stdout.strip()), (0, str(self.file)), made.stderr)
        with zipfile.ZipFile(self.file) as package:
            self.assertEqual(package.namelist(), ["manifest.json", "color.png", "outline.png"])
            self.assertEqual({each.date_time for each in package.infolist()}, {(2000, 1, 1, 0, 0, 0)}, "no moment of today")
            found = json.loads(package.read("manifest.json"))
        self.assertEqual(found["validDomains"], ["reports.example.com"])
        self.assertEqual(found["staticTabs"][0]["contentUrl"], URL + "/")
        self.assertEqual(found["name"]["short"], "Month-end reports")
        self.assertEqual(self.run_script("--check", self.file).returncode, 0)

    def test_a_second_package_is_the_same_app(self):
        self.run_script("--url", URL, "--output", self.file)
        first = self.file.read_bytes()
        self.run_script("--url", URL + "/", "--output", self.file)
        self.assertEqual(self.file.read_bytes(), first)
        self.assertNotEqual(manifest()["id"], manifest("--url", "https://other.example.com")["id"])

    def test_icons_are_of_the_sizes_and_colours_that_teams_wants(self):
        def pixels(data, size):
            self.assertEqual(struct.unpack(">II", data[16:24]), (size, size))
            start = data.index(b"IDAT") + 4
            lines = zlib.decompress(data[start : start + struct.unpack(">I", data[start - 8 : start - 4])[0]])
            step = size * 4 + 1
            return {lines[at : at + 4] for y in range(size) for at in range(y * step + 1, (y + 1) * step, 4)}

        self.assertEqual(pixels(teams_tab.color_icon("#0b5cad"), 192), {b"\x0b\x5c\xad\xff", b"\xff\xff\xff\xff"})
        self.assertEqual(pixels(teams_tab.outline_icon(), 32), {b"\xff\xff\xff\x00", b"\xff\xff\xff\xff"})

    def test_what_is_no_address_of_teams_kind_is_refused_at_once(self):
        for url in ("http://reports.example.com", "reports.example.com", "https://", "https://a@reports.example.com"):
            self.assertNotEqual(self.run_script("--url", url, "--output", self.file).returncode, 0, url)
            self.assertFalse(self.file.exists())

    def test_a_broken_package_is_told(self):
        self.file.write_bytes(b"no zip")
        self.assertIn("can't be read", self.run_script("--check", self.file).stderr)
        with zipfile.ZipFile(self.file, "w") as package:
            package.writestr("manifest.json", json.dumps(manifest()))
            package.writestr("color.png", teams_tab.outline_icon())
        said = self.run_script("--check", self.file).stderr
        self.assertIn("color.png: is 32x32; it has to be 192x192", said)
        self.assertIn("the package has no outline.png", said)


class ManifestTests(unittest.TestCase):
    def test_each_fault_is_named_with_its_field(self):
        self.assertEqual(teams_tab.faults(manifest()), [])
        changes = [
            ("name.short", "x" * 31, "at most 30"), ("developer.name", "x" * 33, "at most 32"), ("id", "no-guid", "GUID"),
            ("version", "1.0", "version such as"), ("accentColor", "blue", "colour"), ("name.full", None, "required"),
            ("developer.privacyUrl", "http://x", "no address"), ("manifestVersion", "1.0", "must be"),
            ("validDomains", ["https://reports.example.com"], "without https"), ("description.short", "x" * 81, "at most 80"),
            ("surplus", 1, "unknown"), ("staticTabs", [], "1 to 16"), ("validDomains", ["other.example.com"], "not among"),
        ]
        for place, value, expected in changes:
            found = copy.deepcopy(manifest())
            *parents, last = place.split(".")
            target = found
            for parent in parents:
                target = target[parent]
            if value is None:
                del target[last]
            else:
                target[last] = value
            said = teams_tab.faults(found)
            self.assertTrue(any(line.startswith(f"{place}: ") and expected in line for line in said), f"{place}: {said}")


if __name__ == "__main__":
    unittest.main()
