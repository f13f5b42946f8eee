import ReportLayout
import ReportRecords

extension WorkbookTable {
    enum Look {
        case plain, bold, total
    }

    /// Writes a value into the row, as a cell of its own type.
    mutating func write(
        _ value: ResultValue, in place: Int, on sheet: WorkbookSheet, _ look: Look
    ) {
        let kind = columns[place].column.kind
        switch value {
        case .null: break
        case .string(let text):
            if let date = CellNumber.date(text, as: kind, in: layout.zone) {
                columns[place].width.take(date: value)
                sheet.write(date, place, format(place, look))
            } else {
                write(text, in: place, on: sheet, look)
            }
        case .decimal(let decimal):
            guard let number = CellNumber.number(decimal) else {
                return writeDigits(value, in: place, on: sheet, look)
            }
            columns[place].width.take(number: number, places: max(0, -decimal.exponent))
            sheet.write(decimal, place, kind.isNumber ? format(place, look) : other(look, place))
        case .integer(let integer):
            guard let number = CellNumber.number(integer) else {
                return writeDigits(value, in: place, on: sheet, look)
            }
            columns[place].width.take(number: number)
            sheet.write(number, place, kind.isNumber ? format(place, look) : other(look, place))
        case .double(let double):
            columns[place].hasDoubles = true
            guard let number = CellNumber.number(double) else {
                return write(double.isNaN ? "NaN" : "\(double)", in: place, on: sheet, look)
            }
            columns[place].width.take(number: number, places: kind.isNumber ? 6 : 0)
            sheet.write(number, place, kind.isNumber ? format(place, look) : other(look, place))
        case .date(let milliseconds): write(milliseconds, of: value, in: place, on: sheet, look)
        case .bool(let bool): sheet.write(bool, place, look == .plain ? nil : format(place, look))
        case .other(let text): write(text, in: place, on: sheet, look)
        }
    }

    private mutating func write(
        _ milliseconds: Int64, of value: ResultValue, in place: Int, on sheet: WorkbookSheet, _ look: Look
    ) {
        let column = columns[place].column
        let date: Double?
        switch column.kind {
        case .date, .month: date = CellNumber.day(milliseconds: milliseconds)
        case .timestamp: date = CellNumber.moment(milliseconds: milliseconds, in: layout.zone)
        // As its values are shown elsewhere.
        case .string, .integer, .decimal, .double, .boolean:
            return write(column.format.text(of: value).text, in: place, on: sheet, look)
        }
        guard let date else {
            remarks.unknownDates.add(cell(place))
            return write(column.format.text(of: value).text, in: place, on: sheet, look)
        }
        columns[place].width.take(date: value)
        sheet.write(date, place, format(place, look))
    }

    private mutating func write(
        _ text: String, in place: Int, on sheet: WorkbookSheet, _ look: Look
    ) {
        let text = CellText(text)
        columns[place].width.take(text: text.width)
        if text.isCut { remarks.cutTexts.add(cell(place)) }
        sheet.write(text, place, look == .plain ? nil : format(place, look))
    }

    /// A number that a cell's number would cut: as text, all of its digits.
    private mutating func writeDigits(
        _ value: ResultValue, in place: Int, on sheet: WorkbookSheet, _ look: Look
    ) {
        remarks.longNumbers.add(cell(place))
        if look == .plain { for section in sections.indices { sections[section].textColumns.insert(place) } }
        let text = CellText(value.description)
        columns[place].width.take(text: text.width)
        sheet.write(text, place, other(look, place))
    }

    private func format(_ place: Int, _ look: Look) -> WorkbookFormat? {
        switch look {
        case .plain: columns[place].plain
        case .bold: columns[place].bold
        case .total: columns[place].total
        }
    }

    /// For numbers that the column's format isn't for.
    private func other(_ look: Look, _ place: Int) -> WorkbookFormat? {
        switch look {
        case .plain: columns[place].column.kind.isNumber ? styles.right : nil
        case .bold: styles.boldRight
        case .total: styles.totalRight
        }
    }

    func cell(_ place: Int) -> String {
        let cell = WorkbookSheet.cell(row, place)
        return pages.count == 1 ? cell : "\(cell) in “\(pages[pages.count - 1].sheet.name)”"
    }

    // Sums

    /// A line of them with its label, which is in the column of the group if that has no sum, else in the first that
    /// has none. Each sum is a formula with its value, where the formula gives the same.
    mutating func write(
        _ sums: [ResultValue?], of section: Int, _ look: Look, on sheet: WorkbookSheet, label: String, near group: Int?
    ) {
        let free = columns.indices.filter { columns[$0].column.total == .none }
        let labelled = free.first { columns[$0].place == group } ?? free.first
        for place in columns.indices {
            if place == labelled {
                let text = CellText(label)
                columns[place].width.take(text: text.width)
                sheet.write(text, place, format(place, look))
            } else if columns[place].column.total == .sum {
                write(sums[columns[place].place], of: section, in: place, on: sheet, look)
            } else if look == .total {
                sheet.write(nil, place, format(place, look))
            }
        }
    }

    private mutating func write(
        _ sum: ResultValue?, of section: Int, in place: Int, on sheet: WorkbookSheet, _ look: Look
    ) {
        guard let sum else {
            let title = columns[place].column.title
            if !remarks.withoutTotal.contains(title) { remarks.withoutTotal.append(title) }
            if look == .total { sheet.write(nil, place, format(place, look)) }
            return
        }
        guard let number = number(sum, in: place) else { return writeDigits(sum, in: place, on: sheet, look) }
        columns[place].width.take(number: number)
        if sections[section].textColumns.contains(place) {
            remarks.plainTotals.add(cell(place))
            sheet.write(number, place, format(place, look))
        } else {
            sheet.write(
                formula: "SUBTOTAL(9,\(ranges(of: section, in: place)))", value: number, place, format(place, look))
        }
    }

    private func number(_ sum: ResultValue, in place: Int) -> Double? {
        guard case .decimal(let decimal) = sum else { return nil }
        if let number = CellNumber.number(decimal) { return number }
        return columns[place].hasDoubles ? Double(decimal.description).flatMap { CellNumber.number($0) } : nil
    }

    /// What `SUBTOTAL` adds up: it leaves the subtotals within out by itself. `D5:D90`, or in several sheets.
    private func ranges(of section: Int, in place: Int) -> String {
        let first = sections[section]
        let current = pages.count - 1
        return (first.page...current).compactMap { index -> String? in
            let page = pages[index]
            let begin = index == first.page ? first.firstRow : (page.headerRow ?? 0) + 1
            guard let end = index == current ? row.subtractingReportingOverflow(1).partialValue : page.lastRow,
                end >= begin
            else { return nil }
            let range = "\(WorkbookSheet.cell(begin, place)):\(WorkbookSheet.cell(end, place))"
            return index == current ? range : "\(page.sheet.quotedName)!\(range)"
        }
        .joined(separator: ",")
    }
}
