"""Runs the samples' stages, has the courier make a PDF of each result, and draws its first page.

Usage: layout_pictures.py COURIER FOLDER, with the servers and the samples' input in the environment.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import bson
import yaml
from pymongo import MongoClient

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "manifests/samples"
NAMES = "trial-balance", "daily-production", "mean-time-to-failure", "mean-time-to-repair"
# Swift's own origin of times.
ORIGIN = datetime(2001, 1, 1, tzinfo=timezone.utc)
DOTS_PER_INCH = 75


class Tickets(BaseHTTPRequestHandler):
    """A plant's system of tickets, with some that are open."""

    OPEN = "press-1", "press-1", "paint-1"

    def do_GET(self) -> None:
        text = json.dumps([{"machine": machine} for machine in self.OPEN]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_) -> None:
        pass


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def asked(sample: str, pipeline: dict) -> dict[str, str]:
    """The parameters of the sample's request, with the defaults of those that it doesn't give."""
    given = read(SAMPLES / sample / "request.yaml")["spec"]["parameters"]
    defaults = {p["name"]: p["default"] for p in pipeline["parameters"] if "default" in p}
    return {name: str(value) for name, value in {**defaults, **given}.items()}


def run_stages(sample: str, parameters: dict[str, str], workspace: str, tickets: str) -> None:
    # The samples' own input: a plant's database is empty here.
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PLANT_DSN"},
        "TICKETS_URL": tickets,
        "PYTHONPATH": str(ROOT / "Sources/StageLibrary"),
        "WORKSPACE": workspace,
        "DATA": os.environ["SAMPLE_DATA"],
        "LEDGERS": os.environ["SAMPLE_LEDGERS"],
        "MONGODB_URI": os.environ["MONGODB_STAGES_URI"],
        "REPORT_ID": sample,
        **{f"REPORT_PARAM_{name.upper()}": value for name, value in parameters.items()},
    }
    for stage in ("extract", "transform", "publish"):
        program = SAMPLES / sample / "stages" / f"{stage}.py"
        subprocess.run([sys.executable, program], env=environment, check=True, stdout=subprocess.DEVNULL)


def job_of(sample: str, pipeline: dict, parameters: dict[str, str], result: dict) -> dict:
    def text(moment: datetime) -> str:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    published = result["publishedAt"].replace(tzinfo=timezone.utc)
    return {
        "format": "pdf",
        "layout": pipeline.get("report"),
        "result": {
            **{name: result[name] for name in ("_id", "attempt", "publication", "buckets", "rows", "columns")},
            "publishedAt": (published - ORIGIN).total_seconds(),
        },
        "identity": {
            "reportID": "0b8f6a5e-6c1d-4f0e-9a53-2f6f0d4c7a11",
            "namespace": "finance",
            "name": sample,
            "pipeline": sample,
            "attempt": result["attempt"],
            "publishedAt": text(published),
            "asOf": text(result["asOf"]),
            "parameters": parameters,
        },
        "pipelineTitle": pipeline.get("title"),
        "parameters": pipeline["parameters"],
        "timeZone": "UTC",
    }


def draw(courier: str, sample: str, folder: Path, tickets: str) -> None:
    pipeline = read(SAMPLES / sample / "pipeline.yaml")["spec"]
    parameters = asked(sample, pipeline)
    with tempfile.TemporaryDirectory() as workspace:
        place = Path(workspace)
        run_stages(sample, parameters, workspace, tickets)
        database = MongoClient(os.environ["MONGODB_ADMIN_URI"]).reports
        result = database.report_results.find_one({"_id": sample})
        buckets = database.report_rows.find({"publication": result["publication"]}).sort("n")
        (place / "rows.bson").write_bytes(b"".join(bson.encode(bucket) for bucket in buckets))
        (place / "job.json").write_text(json.dumps(job_of(sample, pipeline, parameters, result)))
        page = place / "page.pdf"
        answer = subprocess.run(
            [courier, "render", "--job", place / "job.json", "--rows", place / "rows.bson", "--output", page]
            + ["--memory", str(512 << 20), "--processor-seconds", "60", "--file-size", str(64 << 20)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        if json.loads(answer.stdout) != {"made": {}}:
            sys.exit(f"{sample}: {answer.stdout}")
        picture = folder / sample
        subprocess.run(["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", "-singlefile", page, picture], check=True)
        print(f"{picture}.png")


def main() -> None:
    courier, folder = sys.argv[1], Path(sys.argv[2])
    with ThreadingHTTPServer(("127.0.0.1", 0), Tickets) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for sample in NAMES:
            draw(courier, sample, folder, f"http://127.0.0.1:{server.server_port}/tickets")
        server.shutdown()


if __name__ == "__main__":
    main()
