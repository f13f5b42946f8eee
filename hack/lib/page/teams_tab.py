"""The package of a tab in Microsoft Teams: see hack/teams-tab.

What Teams wants of it stands in Microsoft's schema of manifests; here is as much of version 1.17 as the package uses.
"""

import argparse
import json
import re
import struct
import sys
import uuid
import zipfile
import zlib
from urllib.parse import urlsplit

MANIFEST_VERSION = "1.17"
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"
ICONS = {"color": ("color.png", 192), "outline": ("outline.png", 32)}

GUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


# The manifest

def manifest(options):
    page = options.url.rstrip("/") + "/"
    developer = options.developer or options.name[:32]
    return {
        "$schema": SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": options.version,
        "id": options.id or str(uuid.uuid5(uuid.NAMESPACE_URL, page)),
        "developer": {
            "name": developer,
            "websiteUrl": page,
            "privacyUrl": options.privacy_url or page,
            "termsOfUseUrl": options.terms_url or page,
        },
        "name": {"short": options.name, "full": options.name},
        "description": {
            "short": options.description,
            "full": f"{options.description} The page is {page}; who signs in there sees the reports that she may see.",
        },
        "icons": {kind: name for kind, (name, _) in ICONS.items()},
        "accentColor": options.accent,
        "staticTabs": [
            {"entityId": "reports", "name": options.name, "contentUrl": page, "websiteUrl": page, "scopes": ["personal"]}
        ],
        "permissions": ["identity"],
        # The page tells Teams nothing of its loading.
        "showLoadingIndicator": False,
        "validDomains": [urlsplit(page).netloc],
    }


def faults(found):
    """What Teams would refuse, as `field: what is wrong`."""
    said = []

    def text(place, value, most, pattern=None, expected=""):
        if not isinstance(value, str) or not value:
            said.append(f"{place}: is required")
        elif len(value) > most:
            said.append(f"{place}: has {len(value)} characters; at most {most} are allowed")
        elif pattern and not pattern.fullmatch(value):
            said.append(f'{place}: "{value}" is not {expected}')

    def url(place, value):
        text(place, value, 2048)
        if isinstance(value, str) and value and not is_https(value):
            said.append(f'{place}: "{value}" is no address such as https://reports.example.com/')

    def members(place, value, required, optional=()):
        if not isinstance(value, dict):
            said.append(f"{place or 'manifest'}: is not an object")
            return {}
        prefix = f"{place}." if place else ""
        for name in required:
            if name not in value:
                said.append(f"{prefix}{name}: is required")
        for name in value:
            if name not in required and name not in optional:
                said.append(f"{prefix}{name}: is unknown to manifests of version {MANIFEST_VERSION}")
        return value

    top = members(
        "", found,
        ("manifestVersion", "version", "id", "developer", "name", "description", "icons", "accentColor"),
        ("$schema", "staticTabs", "permissions", "showLoadingIndicator", "validDomains"))
    if top.get("manifestVersion") != MANIFEST_VERSION:
        said.append(f"manifestVersion: must be {MANIFEST_VERSION}")
    text("version", top.get("version"), 256, VERSION, "a version such as 1.0.0")
    text("id", top.get("id"), 36, GUID, "a GUID")
    developer = members("developer", top.get("developer"), ("name", "websiteUrl", "privacyUrl", "termsOfUseUrl"))
    text("developer.name", developer.get("name"), 32)
    for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl"):
        url(f"developer.{name}", developer.get(name))
    for place, (short, full) in (("name", (30, 100)), ("description", (80, 4000))):
        value = members(place, top.get(place), ("short", "full"))
        text(f"{place}.short", value.get("short"), short)
        text(f"{place}.full", value.get("full"), full)
    icons = members("icons", top.get("icons"), ("color", "outline"))
    for kind in ICONS:
        text(f"icons.{kind}", icons.get(kind), 2048)
    text("accentColor", top.get("accentColor"), 7, COLOUR, "a colour such as #0b5cad")
    domains = top.get("validDomains", [])
    if len(domains) > 16 or any(not isinstance(each, str) or "/" in each or len(each) > 2048 for each in domains):
        said.append("validDomains: at most 16 names of hosts, without https:// and without a path")
    tabs = top.get("staticTabs", [])
    if not 1 <= len(tabs) <= 16:
        said.append(f"staticTabs: there are {len(tabs)}; 1 to 16 are allowed")
    for index, tab in enumerate(tabs):
        place = f"staticTabs[{index}]"
        tab = members(place, tab, ("entityId", "scopes"), ("name", "contentUrl", "websiteUrl"))
        text(f"{place}.entityId", tab.get("entityId"), 64)
        text(f"{place}.name", tab.get("name"), 128)
        url(f"{place}.contentUrl", tab.get("contentUrl"))
        url(f"{place}.websiteUrl", tab.get("websiteUrl"))
        if tab.get("scopes") != ["personal"]:
            said.append(f'{place}.scopes: must be ["personal"]')
        # Teams shows no page of a host that isn't named.
        if is_https(tab.get("contentUrl")) and urlsplit(tab["contentUrl"]).netloc not in domains:
            said.append(f"validDomains: {urlsplit(tab['contentUrl']).netloc}, where {place} is, is not among them")
    return said


def is_https(value):
    if not isinstance(value, str):
        return False
    parts = urlsplit(value)
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and not parts.fragment


# The icons

def png(size, pixel):
    """Of `pixel(x, y)`, four bytes each."""
    lines = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(size)) for y in range(size))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


# Three bars, as on the page's own icon: left, top, right and bottom, in 32ths.
BARS = ((7, 18, 12, 26), (13.5, 12, 18.5, 26), (20, 6, 25, 26))


def color_icon(accent):
    ground = tuple(int(accent[at : at + 2], 16) for at in (1, 3, 5)) + (255,)

    def pixel(x, y):
        # Within the middle half: Teams cuts the corners off.
        at = ((x + 0.5) / 192 * 64 - 16, (y + 0.5) / 192 * 64 - 16)
        return (255, 255, 255, 255) if any(l <= at[0] < r and t <= at[1] < b for l, t, r, b in BARS) else ground

    return png(192, pixel)


def outline_icon():
    """White lines on nothing."""

    def pixel(x, y):
        for left, top, right, bottom in BARS:
            left, right = round(left), round(right)
            if left <= x < right and top <= y < bottom:
                edge = x in (left, right - 1) or y in (top, bottom - 1)
                return (255, 255, 255, 255) if edge else (255, 255, 255, 0)
        return (255, 255, 255, 0)

    return png(32, pixel)


def icon_fault(name, data, size):
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return f"{name}: is no PNG"
    width, height = struct.unpack(">II", data[16:24])
    if (width, height) != (size, size):
        return f"{name}: is {width}x{height}; it has to be {size}x{size}"
    return None


# The package

def write(options):
    made = manifest(options)
    wrong = faults(made)
    if wrong:
        return wrong
    with zipfile.ZipFile(options.output, "w", zipfile.ZIP_DEFLATED) as package:
        contents = (
            ("manifest.json", json.dumps(made, indent=2, ensure_ascii=False).encode() + b"\n"),
            ("color.png", color_icon(options.accent)), ("outline.png", outline_icon()))
        for name, data in contents:
            # The same package each time.
            package.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return check(options.output)


def check(path):
    try:
        with zipfile.ZipFile(path) as package:
            files = {name: package.read(name) for name in package.namelist()}
        found = json.loads(files.get("manifest.json", b"null"))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        return [f"{path}: can't be read: {error}"]
    if "manifest.json" not in files:
        return ["manifest.json: is missing; it lies at the top of the package"]
    wrong = faults(found)
    icons = found.get("icons") if isinstance(found, dict) else None
    for kind, (_, size) in ICONS.items():
        name = icons.get(kind) if isinstance(icons, dict) else None
        if name not in files:
            wrong.append(f"icons.{kind}: the package has no {name}")
        elif fault := icon_fault(name, files[name], size):
            wrong.append(fault)
    return wrong


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="hack/teams-tab", add_help=False)
    parser.add_argument("--url")
    parser.add_argument("--output")
    parser.add_argument("--check")
    parser.add_argument("--name", default="Reports")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--id")
    parser.add_argument("--developer")
    parser.add_argument("--privacy-url")
    parser.add_argument("--terms-url")
    parser.add_argument("--description", default="Ask for reports, watch them being made, and find them for ever.")
    parser.add_argument("--accent", default="#0b5cad")
    options = parser.parse_args(arguments)
    if options.check is None and (options.url is None or options.output is None):
        parser.error("--url and --output are required, or --check")
    if options.check is None and not COLOUR.fullmatch(options.accent):
        parser.error(f'--accent: "{options.accent}" is no colour such as #0b5cad')
    if options.check is None and not is_https(options.url):
        parser.error(f'--url: "{options.url}" is no address such as https://reports.example.com/; Teams takes https alone')
    return options


def main(arguments):
    options = options_of(arguments)
    wrong = check(options.check) if options.check else write(options)
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(options.check or options.output)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
