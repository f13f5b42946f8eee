import Foundation

/// What Python's parser finds in a page.
struct HTMLPage: Decodable {
    /// Of each row of a table the cells' texts, with `\n` for line breaks; the header as well.
    var rows: [[String]]
    /// All tags, sorted.
    var tags: [String]
    /// All attributes' names, sorted.
    var attributes: [String]
    /// The values of attributes but styles.
    var values: [String]
    /// Texts of paragraphs, the title, and headings.
    var texts: [String]
    /// Tags that were not closed, or closed without being open.
    var unbalanced: [String]

    private static let read = """
        import json, sys
        from html.parser import HTMLParser
        class Page(HTMLParser):
            void = {"meta", "br", "col"}
            def __init__(self):
                super().__init__(convert_charrefs=True)
                self.rows, self.tags, self.attributes, self.values = [], set(), set(), []
                self.texts, self.open, self.unbalanced, self.text = [], [], [], None
            def handle_starttag(self, tag, attributes):
                self.tags.add(tag)
                for name, value in attributes:
                    self.attributes.add(name)
                    if name != "style": self.values.append(value or "")
                if tag == "br" and self.text is not None: self.text += "\\n"
                if tag not in self.void: self.open.append(tag)
                if tag == "tr": self.rows.append([])
                if tag in ("td", "th", "p", "h1", "title", "text"): self.text = ""
            def handle_startendtag(self, tag, attributes):
                self.handle_starttag(tag, attributes)
                if tag not in self.void: self.open.pop()
            def handle_endtag(self, tag):
                if not self.open or self.open.pop() != tag: self.unbalanced.append(tag)
                if tag in ("td", "th"): self.rows[-1].append(self.text)
                if tag in ("p", "h1", "title", "text"): self.texts.append(self.text)
                if tag in ("td", "th", "p", "h1", "title", "text"): self.text = None
            def handle_data(self, data):
                if self.text is not None: self.text += data
            def handle_comment(self, data): self.tags.add("!--")
            def unknown_decl(self, data): self.tags.add("![")
            def handle_pi(self, data): self.tags.add("?")
        page = Page()
        page.feed(open(sys.argv[1], encoding="utf-8", newline="").read())
        page.close()
        print(json.dumps({"rows": page.rows, "tags": sorted(page.tags), "attributes": sorted(page.attributes),
            "values": page.values, "texts": page.texts, "unbalanced": page.unbalanced + page.open}))
        """

    init(_ file: RenderedFile) throws { self = try Python.run(Self.read, file) }
}
