import KubernetesModel

/// A number-format code of Excel's, read once: `#,##0.00;[Red](#,##0.00)`, `dd.mm.yyyy`.
///
/// Of Excel's codes it knows `0 # , . %`, up to three sections (positive, negative, zero) and a last one that is `@`,
/// text in quotes or after a backslash, `_` and a character for a space, `( ) - + / :` and space, `$ € £ ¥`, `[Red]`,
/// `y m d h s`, `AM/PM` and `.000` of a second. All else is refused, since it would be shown otherwise than in Excel.
package struct FormatCode: Hashable, Sendable {
    /// What is wrong with a code, in a sentence.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    enum Pattern: Hashable, Sendable {
        /// Positive, negative, zero.
        case number([NumberPattern])
        case date(DatePattern)
    }

    /// As the layout has it.
    package let text: String
    let pattern: Pattern
    /// As Excel is told, the same for every language: what it might take for something else is escaped.
    let workbookText: String

    /// The most that Excel takes.
    static let maximumLength = 255

    package init(_ text: String) throws(Fault) {
        guard text.unicodeScalars.count <= Self.maximumLength else {
            throw Fault(
                description: "\(text.unicodeScalars.count) characters are given; at most \(Self.maximumLength) are "
                    + "allowed")
        }
        self.text = text
        var sections = try Self.sections(text)
        // Text is shown as it is in any case.
        let hasText = sections.count > 1 && sections.last?.map(\.kind) == [.at]
        if hasText { sections.removeLast() }
        if let at = sections.joined().first(where: { $0.kind == .at }) { throw Self.unknown(at, text) }

        workbookText =
            (sections.map { $0.map(\.workbookText).joined() } + (hasText ? ["@"] : [])).joined(separator: ";")
        if sections.joined().contains(where: \.isOfDate) {
            guard sections.count == 1 else {
                throw Fault(description: "\"\(text.head)\" has more than one section; a date has one")
            }
            pattern = .date(try DatePattern(sections[0], in: text))
        } else {
            guard sections.count <= 3 else {
                throw Fault(
                    description: "\"\(text.head)\" has \(sections.count) sections; allowed are three: positive, "
                        + "negative, zero")
            }
            pattern = .number(try sections.map { tokens throws(Fault) in try NumberPattern(tokens, in: text) })
            if sections.joined().isEmpty {
                throw Fault(description: "is empty; leave it out, or write one such as 0.00")
            }
        }
    }

    /// Why it fits no column of that kind, in a sentence; nil where it does.
    package func obstacle(for kind: TableColumn.Kind) -> String? {
        switch (pattern, kind) {
        case (_, .string): "\"\(text.head)\" changes no text; leave it out"
        case (_, .boolean): "\"\(text.head)\" changes no yes or no; leave it out"
        case (.number, .integer), (.number, .decimal), (.number, .double): nil
        case (.number, .date), (.number, .month), (.number, .timestamp):
            "\"\(text.head)\" is of numbers; a date needs one such as yyyy-mm-dd"
        case (.date, .integer), (.date, .decimal), (.date, .double):
            "\"\(text.head)\" is of dates; a number needs one such as #,##0.00"
        case (.date(let pattern), .date):
            pattern.hasTime ? "\"\(text.head)\" has hours, minutes or seconds; a day has none" : nil
        case (.date(let pattern), .month):
            pattern.hasTime || pattern.hasDay
                ? "\"\(text.head)\" has more than year and month; a month has no more" : nil
        case (.date, .timestamp): nil
        }
    }

    static func unknown(_ token: FormatToken, _ text: String) -> Fault {
        Fault(
            description: "\"\(text.head)\" has \"\(token.text.head)\" at character \(token.place), which is unknown; "
                + "allowed are 0 # , . % and ; y m d h s and AM/PM, ( ) - + / : $ and space, text in \"quotes\", and "
                + "[Red]")
    }

    static func misplaced(_ token: FormatToken, _ text: String, _ why: String) -> Fault {
        Fault(description: "\"\(text.head)\" has \"\(token.text.head)\" at character \(token.place): \(why)")
    }

    private static func sections(_ text: String) throws(Fault) -> [[FormatToken]] {
        var scanner = FormatScanner(text)
        var sections: [[FormatToken]] = [[]]
        while let token = try scanner.next() {
            if token.kind == .unknown { throw unknown(token, text) }
            if token.kind == .semicolon {
                sections.append([])
            } else {
                sections[sections.count - 1].append(token)
            }
        }
        return sections
    }
}

extension String {
    /// As much as a message shows.
    var head: String { head(bytes: 64) }
}
