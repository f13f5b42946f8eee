"""What is done with a request and its report in a real browser: changed, deleted, asked again, sent again."""

import unittest

from cases import FORM, SLOW, BrowserTest, steer, steered
from page import RUN_DEADLINE
from selenium.webdriver.common.keys import Keys


class ChangeTests(BrowserTest):
    @steered("SLOW_PIPELINE")
    def test_a_waiting_request_is_changed_cancelled_and_deleted(self):
        page = self.page
        first = self.ask(None, SLOW)
        self.addCleanup(self.cancel, first)
        self.state("Running", RUN_DEADLINE)
        self.addCleanup(self.cancel, self.ask(None, SLOW))
        page.read("1st in the queue")
        page.press("Change")
        page.see("dialog[open]")
        page.fill("Priority", "many")
        page.press("Change it")
        page.until(lambda: page.fault_of("Priority"), "what is wrong, beside the field")
        self.keep("change-wrong")
        page.fill("Priority", "7")
        page.fill("Keep the request", "days")
        page.fill("How many days", "3")
        self.keep("change")
        page.press("Change it")
        page.until(lambda: not page.all("dialog[open]"), "the dialog is closed")
        page.until(lambda: page.fact("Priority") == "7" and page.fact("Request is kept") == "3 d after its end", "what was changed")
        page.driver.refresh()
        page.until(lambda: page.fact("Request is kept") == "3 d after its end", "the cluster has it")
        page.press("Change")
        page.fill("Keep the request", "ever")
        page.press("Change it")
        page.until(lambda: page.all(".at-facts") and page.fact("Request is kept") is None, "it is kept for ever")
        page.press("Cancel")
        page.press("Cancel the report")
        self.state("Cancelled", RUN_DEADLINE)
        page.press("Delete")
        page.see("dialog[open]")
        self.keep("delete-request")
        page.press("Keep it")
        page.until(lambda: not page.all("dialog[open]"), "the dialog is closed")
        page.press("Delete")
        page.press("Delete the request")
        page.read("The request is deleted")
        page.until(lambda: "(deleted)" in page.fact("Request"), "the report stays")
        page.press("Ask again")
        page.until(lambda: page.address.startswith(SLOW), "the form again")

    def cancel(self, address):
        """Whatever came of the test: others wait for its place."""
        self.page.open(address)
        self.page.see(".report-title .badge")
        if self.page.buttons("Cancel"):
            self.page.press("Cancel")
            self.page.press("Cancel the report")
            self.state("Cancelled", RUN_DEADLINE)


class ReportTests(BrowserTest):
    @steered("OFFLOAD")
    def test_rows_in_the_archive_are_brought_back(self):
        page = self.page
        address = self.ask("2026-07")
        self.state("Succeeded", RUN_DEADLINE)
        page.until(lambda: page.all(".rows tbody tr"), "its rows")
        rows = len(page.all(".rows tbody tr"))
        steer("OFFLOAD", address.removeprefix("reports/").partition("?")[0])
        page.driver.refresh()
        page.read("The rows and files are offloaded")
        self.keep("offloaded")
        page.press("Bring them back")
        page.until(lambda: len(page.all(".rows tbody tr")) == rows, "all rows again", RUN_DEADLINE)

    def test_rows_are_grouped_and_summed_as_the_layout_says(self):
        page = self.page
        self.ask("2026-10")
        self.state("Succeeded", RUN_DEADLINE)
        page.see(".rows .group-heading")
        heads = [each.text for each in page.all(".rows thead button")]
        self.assertEqual(heads, ["Account", "Opening", "Debit", "Credit", "Closing"])
        self.assertTrue(page.one(".rows .group-heading").text.startswith("currency: "))
        # By the browser's own arithmetic, in hundredths: of the last currency, and none of all of them.
        page.one(".rows").send_keys(Keys.END)
        last = "Total VACHR"
        page.until(lambda: any(last == each.text for each in page.all(".rows .sum th")), "the last group's sums")
        sums = page.all(".rows .sum")
        self.assertFalse(page.all(".rows .total"))
        total = [each for each in sums if each.find_elements("css selector", "th")[0].text == last][0]
        asked = "return fetch(`api/v1/reports/${location.pathname.split('/').pop()}/rows?limit=5000`).then((answer) => answer.json())"
        found = page.script(asked)
        names = [each["name"] for each in found["columns"]]
        of_last = [row for row in found["rows"] if row[names.index("currency")] == "VACHR"]
        wanted = sum(round(float(row[names.index("debit")]) * 100) for row in of_last) / 100
        self.assertEqual(total.find_elements("css selector", "td")[1].text, f"{wanted:,.2f}")
        self.keep("totals")
        page.label("All columns, without groups").click()
        page.until(lambda: not page.all(".rows .group-heading"), "no groups")
        self.assertIn("currency", [each.text for each in page.all(".rows thead button")])

    def test_asked_again_with_the_same_parameters(self):
        page = self.page
        self.ask("2026-04")
        self.state("Succeeded", RUN_DEADLINE)
        page.press("Ask again")
        page.until(lambda: page.label("Accounting period").get_attribute("value") == "2026-04", "the same month")

    def test_asked_for_with_copies_a_subject_and_some_of_the_rows(self):
        page = self.page
        page.open(FORM)
        page.fill("Accounting period", "2026-10")
        page.label("To whom I choose").click()
        page.see(".way")
        page.press("More")
        page.one("#deliver-0-cc").send_keys("bob@example.com", Keys.ENTER)
        page.fill("Subject", "For both")
        page.press("+ A condition")
        page.one("[aria-label='Column 1']").send_keys("currency")
        page.one("[aria-label='Value of column 1']").send_keys("USD")
        page.press("Ask for it")
        page.until(lambda: page.address.startswith("reports/"), "the report's own address")
        self.state("Succeeded", RUN_DEADLINE)
        page.until(lambda: "Delivered" in page.one(".deliveries > li").text, "both have it", 120)
        sent = self.newest()
        self.assertEqual((sent["cc"], sent["subject"], sent["only"]), (["bob@example.com"], "For both", {"currency": "USD"}))
        self.assertEqual(sorted(each["to"] for each in sent["recipients"]), ["ada@example.com", "bob@example.com"])

    def test_sent_again_with_other_files_to_others_and_to_who_lacks_it(self):
        page = self.page
        self.ask("2026-10")
        self.state("Succeeded", RUN_DEADLINE)
        self.open_form()
        page.one("#send-to").send_keys("nobody@elsewhere.example", Keys.ENTER)
        self.choose("CSV")
        page.press("More")
        page.fill("Subject", "Only dollars")
        page.press("+ A condition")
        page.choose("[aria-label='Column 1']", "currency")
        page.one("[aria-label='Value of column 1']").send_keys("USD")
        self.keep("send-more")
        page.press("Send")
        page.until(lambda: "csv" in page.one(".deliveries > li").text, "one delivery more, of that file")
        # The server takes mail for example.com alone.
        page.until(lambda: "Partly delivered" in page.one(".deliveries > li").text, "one has it, and one can't", 120)
        sent = self.newest()
        self.assertEqual((sent["subject"], sent["only"], sent["formats"]), ("Only dollars", {"currency": "USD"}, ["csv"]))
        self.open_form()
        page.read("Only who hasn’t had it")
        self.assertTrue(page.script("return document.querySelector('input[name=whom]').checked"))
        self.assertFalse(page.all("#send-to"), "nobody has to be named")
        self.keep("send-missing")
        before = len(page.all(".deliveries > li"))
        page.press("Send")
        page.until(lambda: len(page.all(".deliveries > li")) == before + 1, "one delivery more")
        self.assertEqual([each["to"] for each in self.newest()["recipients"]], ["nobody@elsewhere.example"])

    def open_form(self):
        page = self.page
        page.until(lambda: page.buttons("Send again") or page.buttons("Send it"), "a button to send it")
        page.press("Send again" if page.buttons("Send again") else "Send it")
        page.see("dialog[open] .tile")

    def choose(self, wanted):
        """That file, and no other."""
        for tile in self.page.all("dialog[open] .tile"):
            box = tile.find_element("css selector", "input")
            if box.is_selected() != tile.text.startswith(wanted):
                tile.click()

    def newest(self):
        asked = "return fetch(`api/v1/deliveries?report=${location.pathname.split('/').pop()}`).then((answer) => answer.json())"
        return self.page.script(asked)["items"][0]


if __name__ == "__main__":
    unittest.main()
