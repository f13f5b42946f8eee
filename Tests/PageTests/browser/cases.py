"""What the tests of the page have in common: where they look, what brings states about, and what is kept.

Environment: REPORT_PAGE_URL, REPORT_PAGE_USER and REPORT_PAGE_PASSWORD (at the provider), REPORT_PAGE_NAMESPACE of the trial
balance, REPORT_PAGE_PICTURES for the folder of pictures, REPORT_PAGE_SLOW_PIPELINE for one without parameters that doesn't
end, of which one runs at a time. For states that only somebody else can bring about, commands: REPORT_PAGE_RECORD_DOWN and
_UP (stop and start MongoDB), REPORT_PAGE_GATEWAY_DOWN and _UP (the gateway), REPORT_PAGE_FORBID and _ALLOW (take the right to
create requests away, and give it back), REPORT_PAGE_FRAME_UP and _DOWN (have it by https and in frames of
REPORT_PAGE_FRAME_ORIGIN, and as it was), REPORT_PAGE_OFFLOAD (with a report's id: its rows and files go into an archive that the
courier has). Tests without their commands are skipped.
"""

import os
import shlex
import subprocess
import unittest

from page import Page

NAMESPACE = os.environ.get("REPORT_PAGE_NAMESPACE", "default")
FORM = f"ask/{NAMESPACE}/trial-balance"
SLOW = f"ask/{NAMESPACE}/{os.environ.get('REPORT_PAGE_SLOW_PIPELINE')}"
STEERS = "REPORT_PAGE_"
# Whether the cluster's CronJobs keep time zones; else a schedule with one isn't ready, and says why.
ZONES = bool(os.environ.get("REPORT_PAGE_ZONES"))


def steered(*names):
    missing = [STEERS + name for name in names if not os.environ.get(STEERS + name)]
    return unittest.skipIf(missing, f"needs {', '.join(missing)}")


def steer(name, *arguments):
    command = " ".join([os.environ[STEERS + name], *map(shlex.quote, arguments)])
    subprocess.run(command, shell=True, check=True, timeout=120)


class BrowserTest(unittest.TestCase):
    size = (1280, 900)
    options = ()

    def setUp(self):
        self.page = Page(*self.size, options=self.options)
        self.addCleanup(self.page.close)

    def tearDown(self):
        self.assertEqual(self.page.complaints(), [], "the browser complains of nothing")

    def keep(self, name):
        """A picture in both schemes, and axe's verdict on both."""
        for dark in (False, True):
            self.page.scheme(dark)
            self.page.picture(f"{name}-{'dark' if dark else 'light'}")
            self.assertEqual(self.page.violations(), [], f"axe finds nothing on {name}")
        self.page.scheme(False)

    def ask(self, period="2026-10", form=FORM):
        """Asks for a report and gives its address."""
        page = self.page
        page.open(form)
        if period:
            page.fill("Accounting period", period)
        page.press("Ask for it")
        page.until(lambda: page.address.startswith("reports/"), "the report's own address")
        return page.address

    def state(self, text, deadline):
        self.page.until(lambda: text in self.page.one(".report-title").text, f"the run is {text}", deadline)
