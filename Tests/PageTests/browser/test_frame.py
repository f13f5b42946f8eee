"""The page in a frame of another site, as a tab of Teams is: signed in in a window, with cookies of the frame's own."""

import http.server
import os
import pathlib
import ssl
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import page as browser
from cases import BrowserTest, steer, steered
from page import PASSWORD, RUN_DEADLINE, USER


class Elsewhere:
    """A site with a page of ours in a frame."""

    def __init__(self, origin, framed):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="page-elsewhere-"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", folder / "key", "-out", folder / "certificate"],
            check=True, capture_output=True)
        html = f"""<!doctype html><html lang="en"><head><title>Elsewhere</title></head><body>
            <h1>Elsewhere</h1><iframe title="Reports" src="{framed}" width="1200" height="780"></iframe></body></html>"""

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_):
                pass

        parts = urlsplit(origin)
        self.server = http.server.ThreadingHTTPServer((parts.hostname, parts.port), Answer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "certificate", folder / "key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@steered("FRAME_ORIGIN", "FRAME_UP", "FRAME_DOWN")
class FrameTests(BrowserTest):
    # Cookies that aren't a frame's own are kept from it, as browsers come to do.
    options = ("--ignore-certificate-errors", "--test-third-party-cookie-phaseout")

    @classmethod
    def setUpClass(cls):
        cls.origin = os.environ["REPORT_PAGE_FRAME_ORIGIN"]
        cls.framed = browser.BASE.replace("http://", "https://")
        steer("FRAME_UP")
        cls.addClassCleanup(steer, "FRAME_DOWN")

    def stand(self, origin):
        site = Elsewhere(origin, self.framed)
        self.addCleanup(site.close)
        self.page.driver.get(origin)

    def into_frame(self):
        self.page.driver.switch_to.default_content()
        self.page.driver.switch_to.frame(self.page.one("iframe"))

    def test_signed_in_in_a_window_and_used_in_the_frame(self):
        page = self.page
        self.stand(self.origin)
        self.into_frame()
        page.until(lambda: "You are not signed in" in page.text, "it asks to sign in")
        self.keep_frame("frame-signed-out")
        self.into_frame()
        tab = page.driver.current_window_handle
        page.press("Sign in")
        page.until(lambda: len(page.driver.window_handles) == 2, "a window")
        page.driver.switch_to.window(next(each for each in page.driver.window_handles if each != tab))
        page.see("#username").send_keys(USER)
        page.one("#password").send_keys(PASSWORD)
        page.one("#loginbut").click()
        page.until(lambda: len(page.driver.window_handles) == 1 or page.buttons("Continue"), "the end, or a question")
        if len(page.driver.window_handles) == 2:
            page.buttons("Continue")[0].click()
        page.until(lambda: len(page.driver.window_handles) == 1, "the window closes by itself")
        page.driver.switch_to.window(tab)
        self.into_frame()
        page.see("header.header")
        self.keep_frame("frame-signed-in")
        self.into_frame()
        self.use_it()
        cookies = [each for each in page.cdp("Network.getAllCookies")["cookies"] if "report-session" in each["name"]]
        self.assertEqual(len(cookies), 1, "the window has none")
        self.assertEqual((cookies[0]["sameSite"], cookies[0]["secure"], cookies[0]["httpOnly"]), ("None", True, True))
        self.assertEqual(cookies[0]["partitionKey"]["topLevelSite"], "https://localhost")
        # By itself, in its own window, the page knows nobody.
        page.driver.switch_to.default_content()
        page.driver.get(self.framed + "favicon.svg")
        self.assertEqual(page.script("return fetch('/api/v1/me').then((answer) => answer.status)"), 401)

    def use_it(self):
        """What changes something, what goes on by itself, and a frame within the frame."""
        page = self.page
        page.until(lambda: page.buttons("Trial balance"), "the catalogue")
        page.press("Trial balance")
        page.fill("Accounting period", "2026-03")
        page.press("Ask for it")
        self.state("Succeeded", RUN_DEADLINE)
        page.press("View as a page")
        page.see("dialog[open] iframe")
        page.driver.switch_to.frame(page.one("dialog[open] iframe"))
        page.until(lambda: "Trial balance" in page.text, "the report as a page", 60)
        self.into_frame()
        page.press("View as a page") if not page.all("dialog[open]") else page.one("dialog[open] [aria-label=Close]").click()

    def test_no_other_site_has_it_in_a_frame(self):
        parts = urlsplit(self.origin)
        self.stand(f"https://localhost:{parts.port + 1}")
        page = self.page
        said = []

        def refused():
            said.extend(entry["message"] for entry in page.driver.get_log("browser"))
            return any("frame-ancestors" in each for each in said)

        page.until(refused, f"the browser refuses it: {said}")
        self.into_frame()
        self.assertNotIn("Reports", page.text)

    def test_only_the_page_itself_takes_a_session_over(self):
        body = b'{"token": "x", "verifier": "' + b"y" * 43 + b'"}'
        json = {"Content-Type": "application/json"}
        # What another site's page may send unasked; what its browser says of it; what nobody has sealed.
        self.assertEqual(self.posted(body, {"Content-Type": "text/plain"}), 415)
        self.assertEqual(self.posted(body, {**json, "Sec-Fetch-Site": "cross-site"}), 403)
        self.assertEqual(self.posted(body, {**json, "Sec-Fetch-Site": "same-origin"}), 400)
        self.assertEqual(self.posted(b"{}", json), 422)

    def posted(self, body, headers):
        request = urllib.request.Request(self.framed + "auth/hand-over", data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, context=ssl._create_unverified_context(), timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            self.assertIsNone(error.headers["Set-Cookie"])
            return error.code

    def keep_frame(self, name):
        self.page.driver.switch_to.default_content()
        self.page.picture(name)


class NoFrameTests(BrowserTest):
    def test_where_no_site_is_named_nothing_is_handed_over(self):
        self.page.open()
        self.page.see("h1")
        asked = "return fetch('auth/hand-over', {method: 'POST'}).then((answer) => answer.status)"
        self.assertEqual(self.page.script(asked), 404)
        policy = "return fetch('.').then((answer) => answer.headers.get('Content-Security-Policy'))"
        self.assertIn("frame-ancestors 'none'", self.page.script(policy))
        cookies = [each for each in self.page.cdp("Network.getAllCookies")["cookies"] if "report-session" in each["name"]]
        self.assertEqual([each["sameSite"] for each in cookies], ["Lax"])


if __name__ == "__main__":
    unittest.main()
