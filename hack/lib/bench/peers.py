"""Makes RenderingBench's ledger as one would without it: `peers.py reportlab|weasyprint|xlsxwriter ROWS FILE`."""
import datetime
import html
import sys

TITLES = ["Account", "Name", "Partner", "Currency", "Day", "Debit", "Credit", "Balance"]
NAMES = ["Cash and cash equivalents", "Trade receivables", "Inventories of raw materials", "Prepaid expenses",
         "Property, plant and equipment", "Office efficiency", "Accrued interest", "Deferred income"]


def amount(cents):
    text = f"{abs(cents) // 100:,}.{abs(cents) % 100:02}"
    return f"({text})" if cents < 0 else text


def rows(count):
    """The same as Tests/RenderingBench/LedgerRows.swift."""
    for row in range(count):
        day = datetime.date(1970, 1, 1) + datetime.timedelta(20_454 + row % 365)
        debit, credit = row * 7919 % 9_999_991, row * 104_729 % 12_997_093
        yield [str(100_000 + row % 900_000), NAMES[row % 8], f"Customer {row * 7 % 1000} Limited",
               ("EUR", "USD", "JPY")[row % 3], f"{day.month}/{day.day}/{day.year}",
               amount(debit), amount(credit), amount(debit - credit)]


def reportlab(count, path):
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import LongTable, SimpleDocTemplate

    pdfmetrics.registerFont(TTFont("Sans", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))

    class Numbered(Canvas):
        """Keeps all pages until their number is known, as ReportLab's own recipe does."""

        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            self.kept = []

        def showPage(self):
            self.kept.append(dict(self.__dict__))
            self._startPage()

        def save(self):
            for number, page in enumerate(self.kept, 1):
                self.__dict__.update(page)
                self.setFont("Sans", 7)
                self.drawRightString(800, 20, f"Page {number} of {len(self.kept)}")
                super().showPage()
            super().save()

    table = LongTable([TITLES, *rows(count)], repeatRows=1, colWidths=[60, 140, 120, 50, 60, 90, 90, 90], style=[
        ("FONT", (0, 0), (-1, -1), "Sans", 8), ("ALIGN", (5, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey)])
    SimpleDocTemplate(path, pagesize=landscape(A4)).build([table], canvasmaker=Numbered)


def weasyprint(count, path):
    import weasyprint

    style = """@page { size: A4 landscape; @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
        body { font: 8pt "DejaVu Sans" } table { width: 100%; border-collapse: collapse }
        td { border-bottom: 0.25pt solid #ddd } td:nth-child(n+6) { text-align: right }"""
    cells = lambda tag, row: "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in row)
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows(count))
    text = f"<style>{style}</style><table><thead><tr>{cells('th', TITLES)}</tr></thead>{body}</table>"
    weasyprint.HTML(string=text).write_pdf(path)


def xlsxwriter(count, path):
    """In its mode for large workbooks. Numbers and days are not made of text, as they aren't there."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Ledger")
    money = book.add_format({"num_format": "#,##0.00;(#,##0.00)"})
    date = book.add_format({"num_format": "m/d/yyyy"})
    days = [datetime.date(1970, 1, 1) + datetime.timedelta(20_454 + day) for day in range(365)]
    sheet.write_row(0, 0, TITLES)
    for row in range(count):
        debit, credit = row * 7919 % 9_999_991, row * 104_729 % 12_997_093
        sheet.write_string(row + 1, 0, str(100_000 + row % 900_000))
        sheet.write_string(row + 1, 1, NAMES[row % 8])
        sheet.write_string(row + 1, 2, f"Customer {row * 7 % 1000} Limited")
        sheet.write_string(row + 1, 3, ("EUR", "USD", "JPY")[row % 3])
        sheet.write_datetime(row + 1, 4, days[row % 365], date)
        for column, cents in enumerate((debit, credit, debit - credit), 5):
            sheet.write_number(row + 1, column, cents / 100, money)
    book.close()


if __name__ == "__main__":
    {"reportlab": reportlab, "weasyprint": weasyprint, "xlsxwriter": xlsxwriter}[sys.argv[1]](int(sys.argv[2]), sys.argv[3])
