"""A browser with the page in it: what tests do and see there, in the words of who uses it.

Everything waits for a condition with a deadline; nothing sleeps.
"""

import base64
import os
import pathlib
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from selenium_axe_python import Axe

BASE = os.environ.get("REPORT_PAGE_URL", "http://127.0.0.1:8080/").rstrip("/") + "/"
USER = os.environ.get("REPORT_PAGE_USER", "")
PASSWORD = os.environ.get("REPORT_PAGE_PASSWORD", "")
PICTURES = pathlib.Path(os.environ.get("REPORT_PAGE_PICTURES") or tempfile.mkdtemp(prefix="page-"))
# Runs are real ones, with containers to start.
RUN_DEADLINE = float(os.environ.get("REPORT_PAGE_RUN_DEADLINE", "180"))
DEADLINE = float(os.environ.get("REPORT_PAGE_DEADLINE", "20"))

# Notices that the system would show, kept where a test can read them.
RECORD_NOTICES = """
window.notices = [];
window.Notification = class { constructor(title, options) { window.notices.push(title + ': ' + options.body); } close() {} };
window.Notification.permission = 'granted';
window.Notification.requestPermission = async () => 'granted';
Document.prototype.hasFocus = () => !window.isAway;
"""


class Page:
    def __init__(self, width=1280, height=900, dark=False, options=()):
        more = options
        options = webdriver.ChromeOptions()
        options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        self.downloads = pathlib.Path(tempfile.mkdtemp(prefix="page-files-"))
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},{height}", *more):
            options.add_argument(argument)
        options.add_argument("--lang=en-GB")
        options.add_experimental_option("prefs", {"download.default_directory": str(self.downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = Service(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.command_executor._client_config.timeout = 60
        self.size(width, height)
        self.scheme(dark)
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=RECORD_NOTICES)

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def size(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, dark):
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.cdp("Emulation.setEmulatedMedia", features=features)

    def close(self):
        self.driver.quit()

    # Where she goes

    def open(self, address=""):
        self.driver.get(BASE + address)
        self.sign_in_if_asked()

    def sign_in_if_asked(self):
        """At glewlwyd, the provider of the tests."""
        self.until(lambda: self.all("header.header") or self.all("#username"), "the page or the provider's form")
        if not self.all("#username"):
            return
        self.one("#username").send_keys(USER)
        self.one("#password").send_keys(PASSWORD)
        self.one("#loginbut").click()
        self.until(lambda: self.all("header.header") or self.buttons("Continue"), "the page, or the question to continue")
        if not self.all("header.header"):
            self.buttons("Continue")[0].click()
        self.see("header.header")

    def go(self, part):
        """By the links at the top."""
        self.driver.find_element(By.CSS_SELECTOR, "nav[aria-label=Main]").find_element(By.PARTIAL_LINK_TEXT, part).click()

    # What she sees

    def script(self, text, *values):
        return self.driver.execute_script(text, *values)

    def all(self, selector):
        return [each for each in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def buttons(self, label):
        path = f"//*[self::button or self::a or self::summary][normalize-space()='{label}']"
        return [each for each in self.driver.find_elements(By.XPATH, path) if each.is_displayed()]

    def press(self, label):
        self.until(lambda: self.buttons(label), f"a button {label}")
        button = self.buttons(label)[-1]
        self.script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()

    @property
    def text(self):
        return self.script("return document.body.innerText")

    @property
    def address(self):
        return self.driver.current_url[len(BASE):]

    def heading(self):
        return self.one("h1").text

    def until(self, condition, what, deadline=DEADLINE):
        def holds(_):
            try:
                return condition()
            except Exception:  # An element that is drawn anew meanwhile.
                return False

        try:
            return WebDriverWait(self.driver, deadline, poll_frequency=0.05).until(holds)
        except Exception as error:
            self.picture("deadline")
            raise AssertionError(f"not within {deadline:.0f} s: {what}. The page says:\n{self.text[:2000]}") from error

    def see(self, selector, deadline=DEADLINE):
        return self.until(lambda: self.all(selector) and self.all(selector)[0], selector, deadline)

    def read(self, *texts, deadline=DEADLINE):
        for text in texts:
            self.until(lambda: text in self.text, repr(text), deadline)

    def label(self, text):
        """The control of a label."""
        script = """
            const label = [...document.querySelectorAll('label')].find((each) => each.innerText.replace('*', '').trim() === arguments[0]);
            return label && (label.control || label.querySelector('input'));
        """
        return self.until(lambda: self.script(script, text), f"a field {text}")

    def fill(self, text, value):
        """As typing does, for controls that the driver can't type into in every locale."""
        script = """
            const [control, value] = arguments;
            const prototype = control instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
            Object.getOwnPropertyDescriptor(prototype, 'value').set.call(control, value);
            control.dispatchEvent(new Event(control instanceof HTMLSelectElement ? 'change' : 'input', {bubbles: true}));
        """
        self.script(script, self.label(text), value)

    def choose(self, selector, value):
        """An option, by its value."""
        script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))"
        self.script(script, self.one(selector), value)

    def fact(self, name):
        """What "About it" says of a report; None where it says nothing of that."""
        script = """
            const term = [...document.querySelectorAll('.at-facts dt')].find((each) => each.innerText === arguments[0]);
            return term ? term.nextElementSibling.innerText : null;
        """
        return self.script(script, name)

    def fault_of(self, text):
        """What is said below a field, by the field's own description."""
        control = self.label(text)
        script = """
            return (arguments[0].getAttribute('aria-describedby') || '').split(' ').map((id) => document.getElementById(id))
                .filter((each) => each && each.classList.contains('fault')).map((each) => each.innerText).join(' ');
        """
        return self.script(script, control)

    # What is kept, and checked everywhere

    def picture(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        size = self.script("return [innerWidth, Math.max(innerHeight, document.documentElement.scrollHeight)]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], 4000), "scale": 1}
        data = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        (PICTURES / f"{name}.png").write_bytes(base64.b64decode(data))

    def too_wide(self):
        """Pixels that lie outside; a scroll bar takes some of those inside."""
        return max(0, self.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def violations(self):
        """What axe finds, as lines."""
        axe = Axe(self.driver)
        axe.inject()
        return [f"{found['id']}: {node['html'][:200]}" for found in axe.run()["violations"] for node in found["nodes"]]

    def complaints(self):
        """What the browser says against the page itself: faults of scripts, and what the policy has refused."""
        words = ("Content Security Policy", "Uncaught", "Refused to")
        return [entry["message"] for entry in self.driver.get_log("browser") if any(word in entry["message"] for word in words)]
