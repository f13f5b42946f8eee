"""The page in a real browser, against a gateway that has the sample pipelines: what one finds, fills in and is told."""

import os
import unittest

from cases import FORM, NAMESPACE, SLOW, ZONES, BrowserTest, steer, steered
from page import PICTURES, RUN_DEADLINE
from selenium.webdriver.common.keys import Keys


class TrialBalanceTests(BrowserTest):
    def test_asked_for_watched_noticed_opened_and_sent_again(self):
        page = self.page
        page.open()
        page.read("Trial balance")
        self.keep("catalogue")
        page.open(FORM)
        page.see(".tile")
        self.keep("form")
        address = self.ask()
        # Whoever looks at another window is told by the system.
        page.script("window.isAway = true; window.stays = true")
        seen = set()

        def over():
            seen.update(each.text for each in page.all(".timeline tbody th"))
            seen.update(each.text.split()[-1] for each in page.all(".timeline .badge"))
            return "Succeeded" in page.one(".report-title").text

        page.until(over, "the run succeeds", RUN_DEADLINE)
        self.assertTrue({"extract", "transform", "publish", "Running"} <= seen, seen)
        self.assertTrue(page.script("return window.stays"), "without loading the page again")
        page.read("The report is done.")
        # Other runs of hers may end meanwhile.
        notices = [each for each in page.script("return window.notices") if "2026-10" in each]
        self.assertEqual(len(notices), 1, "one notice by the system")
        self.assertIn("The report is done.", notices[0])
        page.see(".rows tbody tr")
        self.assertIn("plant-north", page.one(".report-head").text, "which cluster has made it")
        self.keep("report")

        page.one(".files a[href*='/files/pdf']").click()
        page.until(lambda: list(page.downloads.glob("*.pdf")), "the PDF in the folder of downloads")
        self.assertEqual(next(page.downloads.glob("*.pdf")).read_bytes()[:5], b"%PDF-")

        before = len(page.all(".deliveries > li"))
        page.until(lambda: page.buttons("Send again") or page.buttons("Send it"), "a button to send it")
        page.press("Send again" if page.buttons("Send again") else "Send it")
        page.see("dialog[open] .tile")
        self.keep("send-again")
        page.press("Send")
        page.until(lambda: len(page.all(".deliveries > li")) == before + 1, "one delivery more")
        page.go("History")
        page.see(f"a[href$='{address}']")
        named = [each.text for each in page.all("td[data-label='Cluster']")]
        self.assertIn("plant-north", named, "the column of clusters")
        self.keep("history")

    def test_the_same_report_is_pointed_out_before_it_is_asked_for_again(self):
        address = self.ask("2026-09")
        self.page.open(FORM)
        self.page.fill("Accounting period", "2026-09")
        self.page.see(f".submit a[href$='{address}']")
        self.page.fill("Accounting period", "2001-01")
        self.page.until(lambda: not self.page.all(".submit a"), "no such report of that month")

    @steered("SLOW_PIPELINE")
    def test_cancelled_after_a_question(self):
        self.ask(None, SLOW)
        self.page.press("Cancel")
        self.page.see("dialog[open]")
        self.keep("cancel")
        self.page.press("Keep it")
        self.page.until(lambda: not self.page.all("dialog[open]"), "the dialog is closed")
        self.page.press("Cancel")
        self.page.press("Cancel the report")
        self.state("Cancelled", RUN_DEADLINE)
        self.assertTrue(self.page.buttons("Retry"))


class ScheduleTests(BrowserTest):
    def test_made_changed_run_suspended_and_deleted(self):
        page = self.page
        page.open(FORM)
        page.label("On a schedule").click()
        page.until(lambda: len(page.all(".preview .next-times li")) == 5, "its next five times")
        page.read("06:00")
        page.fill("How often", "custom")
        page.fill("Cron expression", "61 * * * *")
        page.until(lambda: page.fault_of("Cron expression"), "what is wrong with the expression, beside it")
        self.keep("schedule-wrong")
        page.fill("How often", "week")
        page.fill("Name", f"test-{os.getpid()}")
        page.until(lambda: len(page.all(".preview .next-times li")) == 5, "its next five times")
        self.keep("schedule-form")
        page.press("Make the schedule")
        page.until(lambda: page.address == f"schedules/{NAMESPACE}/test-{os.getpid()}", "the schedule's own address")
        if ZONES:
            page.until(lambda: len(page.all(".next-times li")) == 5, "its next five times")
        else:
            page.read("keep no time zones")
        self.keep("schedule")
        page.press("Change")
        page.fill("How often", "day")
        page.press("Save the changes")
        page.read("The schedule is changed")
        page.press("Suspend")
        page.read("Suspended")
        page.press("Delete")
        page.press("Delete the schedule")
        page.until(lambda: page.address == "schedules", "the list of schedules")
        page.until(lambda: not page.all(f"a[href$='test-{os.getpid()}']"), "it isn't in the list")
        self.keep("schedules")


class InputTests(BrowserTest):
    def test_wrong_input_is_told_beside_its_field(self):
        page = self.page
        page.open(FORM)
        page.fill("Accounting period", "")
        page.press("Ask for it")
        page.until(lambda: page.fault_of("Accounting period").endswith("Required."), "what is wrong, beside the field")
        self.assertEqual(page.script("return document.activeElement.id"), "parameter-period")
        self.keep("form-wrong")

    def test_what_was_filled_in_is_there_again(self):
        page = self.page
        page.open(FORM)
        page.fill("Accounting period", "2024-02")
        page.go("History")
        page.see(".filters")
        page.driver.back()
        page.read("What you had filled in is here again.")
        self.assertEqual(page.label("Accounting period").get_attribute("value"), "2024-02")
        page.press("Start over")
        page.until(lambda: page.label("Accounting period").get_attribute("value") != "2024-02", "the form as it was")

    @steered("FORBID", "ALLOW")
    def test_a_refusal_says_who_can_grant_it(self):
        self.page.open(FORM)
        self.page.see(".tile")
        steer("FORBID")
        self.addCleanup(steer, "ALLOW")
        self.page.fill("Accounting period", "2026-10")
        self.page.press("Ask for it")
        self.page.read("grant")
        self.keep("refused")


class AddressTests(BrowserTest):
    def test_back_and_forward_keep_filters(self):
        page = self.page
        page.open("history")
        page.see(".pill")
        page.label("Failed").click()
        page.until(lambda: page.address == "history?phase=Failed", "the filter in the address")
        page.label("Only mine").click()
        page.until(lambda: "mine=true" in page.address, "both filters in the address")
        page.driver.back()
        page.until(lambda: page.address == "history?phase=Failed" and not page.label("Only mine").is_selected(), "one step back")
        page.driver.forward()
        page.until(lambda: page.label("Only mine").is_selected(), "one step forward")
        page.go("Runs")
        page.until(lambda: page.heading() == "Runs", "another page")
        self.assertEqual(page.script("return document.activeElement.tagName"), "H1", "a reader of the screen hears where she is")

    def test_addresses_that_lead_nowhere(self):
        for address, name in (("no/such/page", "no-page"), ("reports/00000000-0000-0000-0000-000000000000", "no-report"), (f"ask/{NAMESPACE}/no-such", "no-pipeline")):
            self.page.open(address)
            self.page.until(lambda: "There is no such" in self.page.heading(), "that there is none")
            self.keep(name)


class KeyboardTests(BrowserTest):
    def test_asked_for_by_keyboard_alone(self):
        page = self.page
        page.open()
        page.see(".card")
        self.tab_to(lambda: page.script("return document.activeElement.innerText") == "Trial balance")
        self.assertNotEqual(page.script("return getComputedStyle(document.activeElement, '::after').outlineStyle"), "none")
        self.press(Keys.ENTER)
        page.until(lambda: page.address == FORM, "the form")
        page.see(".tile")
        self.tab_to(lambda: page.script("return document.activeElement.id") == "parameter-period")
        before = page.label("Accounting period").get_attribute("value")
        self.press(Keys.ARROW_DOWN)
        page.until(lambda: page.label("Accounting period").get_attribute("value") != before, "another month")
        self.tab_to(lambda: page.script("return document.activeElement.type") == "submit")
        self.press(Keys.ENTER)
        page.until(lambda: page.address.startswith("reports/"), "the report")
        self.tab_to(lambda: page.script("return document.activeElement.innerText") == "Cancel")
        self.press(Keys.ENTER)
        page.see("dialog[open]")
        self.press(Keys.ESCAPE)
        page.until(lambda: not page.all("dialog[open]"), "Escape closes the dialog")
        self.assertEqual(page.script("return document.activeElement.innerText"), "Cancel", "the focus is where it was")

    def press(self, key):
        self.page.driver.switch_to.active_element.send_keys(key)

    def tab_to(self, condition):
        for _ in range(80):
            if condition():
                return
            self.press(Keys.TAB)
        self.fail("not reached by the tabulator")


class TabTests(BrowserTest):
    def test_one_stream_for_two_tabs_and_the_second_takes_over(self):
        page = self.page
        page.open("runs")
        page.see("h1")
        first = page.driver.current_window_handle
        page.driver.switch_to.new_window("tab")
        page.open("runs")
        page.see("h1")
        second = page.driver.current_window_handle
        streams = "return performance.getEntriesByType('resource').filter((each) => each.name.includes('/api/v1/events')).length"
        held = "return navigator.locks.query().then((all) => all.held.length)"
        page.until(lambda: page.script(held) == 1, "one tab leads")
        page.driver.switch_to.window(first)
        page.driver.close()
        page.driver.switch_to.window(second)
        page.until(lambda: page.script(held) == 1, "the other tab leads")
        self.assertEqual(page.script(streams), 0, "its stream is open: it is the only one, and hasn't ended")
        address = self.ask("2026-06")
        page.until(lambda: "Queued" not in page.one(".report-title").text, "it follows the run", RUN_DEADLINE)
        self.assertTrue(address)


class PhoneTests(BrowserTest):
    size = (360, 740)

    def test_no_page_is_wider_than_the_phone(self):
        for address in ("", FORM, "runs", "history", "schedules"):
            self.page.open(address)
            self.page.see("h1")
            self.page.until(lambda: not self.page.all(".skeleton"), "everything is loaded")
            self.assertEqual(self.page.too_wide(), 0, address)
            self.keep(f"phone-{address.split('/')[0] or 'catalogue'}")

    def test_a_report_and_its_dialogs_fit_the_phone(self):
        page = self.page
        self.ask("2026-10")
        self.state("Succeeded", RUN_DEADLINE)
        page.see(".rows tbody tr")
        self.assertEqual(page.too_wide(), 0)
        self.keep("phone-report")
        page.until(lambda: page.buttons("Send again") or page.buttons("Send it"), "a button to send it")
        page.press("Send again" if page.buttons("Send again") else "Send it")
        page.see("dialog[open] .tile")
        page.press("More")
        page.press("+ A condition")
        self.assertEqual(page.too_wide(), 0)
        self.keep("phone-send")
        page.press("Don’t send")
        page.open(FORM)
        page.label("On a schedule").click()
        page.until(lambda: len(page.all(".preview .next-times li")) == 5, "its next five times")
        page.label("To whom I choose").click()
        page.see(".way")
        page.press("More")
        self.assertEqual(page.too_wide(), 0)
        self.keep("phone-schedule-form")


class OutageTests(BrowserTest):
    @steered("RECORD_DOWN", "RECORD_UP")
    def test_live_runs_work_while_the_record_is_away(self):
        self.page.open("history")
        self.page.see("h1")
        steer("RECORD_DOWN")
        self.addCleanup(steer, "RECORD_UP")
        # A page of the list may be a second old, and until then the gateway doesn't know.
        away = "return fetch('api/v1/requests?limit=50').then((answer) => answer.json()).then((list) => !list.recordAvailable)"
        self.page.until(lambda: self.page.script(away), "the gateway knows that the record is away", 60)
        self.page.driver.refresh()
        self.page.read("The record can’t be reached now", deadline=60)
        self.keep("record-away")
        self.page.go("Runs")
        self.page.until(lambda: self.page.heading() == "Runs" and not self.page.all(".notice.bad"), "live runs are shown")
        # Nobody presses anything.
        self.page.go("History")
        self.page.read("The record can’t be reached now", deadline=60)
        steer("RECORD_UP")
        self.page.until(lambda: "The record can’t be reached now" not in self.page.text, "it is there again by itself", 90)

    @steered("GATEWAY_DOWN", "GATEWAY_UP")
    def test_a_lost_connection_is_said_and_mends_itself(self):
        self.page.open("runs")
        self.page.see("h1")
        steer("GATEWAY_DOWN")
        self.addCleanup(steer, "GATEWAY_UP")
        self.page.read("Connection lost", deadline=60)
        self.keep("connection-lost")
        steer("GATEWAY_UP")
        self.page.until(lambda: "Connection lost" not in self.page.text, "it goes on by itself", 60)

    @steered("GATEWAY_DOWN", "GATEWAY_UP")
    def test_a_restart_under_an_open_page_loses_nothing(self):
        page = self.page
        self.ask("2026-05")
        page.script("window.stays = true")
        steer("GATEWAY_DOWN")
        self.addCleanup(steer, "GATEWAY_UP")
        # It goes on meanwhile.
        steer("GATEWAY_UP")
        self.state("Succeeded", RUN_DEADLINE)
        page.see(".rows tbody tr")
        self.assertTrue(page.script("return window.stays"), "without loading the page again")
        self.assertFalse(page.all("dialog[open]"), "nor signing in again")


class SpeedTests(BrowserTest):
    def test_usable_within_a_second(self):
        self.page.open()
        self.page.see(".card")
        self.page.driver.refresh()
        self.page.see(".card")
        script = "const paint = performance.getEntriesByName('first-contentful-paint')[0]; return paint ? paint.startTime : 0"
        self.page.until(lambda: self.page.script(script) > 0, "the first paint")
        print(f"first contentful paint after {self.page.script(script):.0f} ms; pictures: {PICTURES}")
        self.assertLess(self.page.script(script), 1000)


if __name__ == "__main__":
    unittest.main()
