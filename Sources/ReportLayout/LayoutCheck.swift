import KubernetesModel
package import ReportAPI

/// Finds what is wrong with a layout before there are rows: what the schema says, for servers and clients that skip it,
/// and what no schema can say.
package enum LayoutCheck {
    package static let maximumColumns = 200
    package static let maximumGroups = 8
    package static let maximumCharts = 8
    package static let maximumSeries = 8
    package static let widths = 1...200

    /// Every fault, each naming its field, the value and what is allowed. `parameters` are the pipeline's; nil where
    /// they aren't known. `field` is where the layout is, such as `spec.report`.
    package static func faults(in layout: LayoutSpec, parameters: [ParameterSpec]?, at field: String) -> [String] {
        faults(in: layout, placeholders: parameters?.map(\.name), at: field)
    }

    static func faults(in layout: LayoutSpec, placeholders: [String]?, at field: String) -> [String] {
        var faults = Faults(field: field, placeholders: placeholders)
        faults.text(layout.title, "title", 1...200)
        faults.text(layout.subtitle, "subtitle", 1...400)
        faults.text(layout.notes, "notes", 1...4096)
        faults.text(layout.empty, "empty", 1...400)
        faults.word(layout.locale, "locale", of: ReportLocale.all.map(\.name))
        faults.length(layout.timeZone, "timeZone", 1...64)
        faults.word(layout.page?.size, "page.size", of: TableLayout.PageSize.allCases.map(\.rawValue))
        faults.word(layout.page?.orientation, "page.orientation", of: TableLayout.Orientation.allCases.map(\.rawValue))
        if let columns = layout.columns { faults.columns(columns) }
        if let groups = layout.groupBy { faults.names(groups, "groupBy", 1...maximumGroups) }
        if let charts = layout.charts { faults.charts(charts) }
        return faults.messages
    }

    private struct Faults {
        let field: String
        let placeholders: [String]?
        var messages: [String] = []

        init(field: String, placeholders: [String]?) {
            self.field = field
            self.placeholders = placeholders
        }

        mutating func add(_ place: String, _ what: String) { messages.append("\(field).\(place): \(what)") }

        /// Whether there are as many as may be; the rest isn't worth a look where there are more.
        mutating func count(_ count: Int, _ place: String, _ allowed: ClosedRange<Int>) -> Bool {
            if allowed.contains(count) { return true }
            add(
                place,
                count < allowed.lowerBound
                    ? "at least one is required" : "\(count) are given; at most \(allowed.upperBound) are allowed")
            return false
        }

        /// Whether it is as long as it may be. One that isn't is looked at no further: to compare or search long texts
        /// of others may cost the square of their length.
        @discardableResult
        mutating func length(_ text: String?, _ place: String, _ allowed: ClosedRange<Int>) -> Bool {
            guard let text, !allowed.contains(text.unicodeScalars.count) else { return true }
            add(
                place,
                text.isEmpty
                    ? "is empty; leave it out, or write something"
                    : "\(text.unicodeScalars.count) characters are given; at most \(allowed.upperBound) are allowed")
            return false
        }

        mutating func word(_ word: String?, _ place: String, of words: [String]) {
            guard let word, word.utf8.count > 64 || !words.contains(word) else { return }
            add(place, "\"\(word.head(bytes: 64))\" is unknown; allowed are \(words.joined(separator: ", "))")
        }

        mutating func text(_ text: String?, _ place: String, _ allowed: ClosedRange<Int>) {
            guard let text, length(text, place, allowed) else { return }
            do throws(PlaceholderText.Fault) {
                let names = try PlaceholderText(text).names
                guard let placeholders else { return }
                let known = PlaceholderText.common + placeholders
                for name in names where name.utf8.count > 64 || !known.contains(name) {
                    let list = known.map { "{\($0)}" }.joined(separator: ", ")
                    add(
                        place,
                        "\"{\(name.head(bytes: 64))}\" is unknown; allowed are \(list.head(bytes: 512)); "
                            + "write {{ for a brace")
                }
            } catch {
                add(place, error.description)
            }
        }

        mutating func names(_ names: [String], _ place: String, _ allowed: ClosedRange<Int>) {
            guard count(names.count, place, allowed) else { return }
            var seen: Set<String> = []
            for (index, name) in names.enumerated() {
                if length(name, "\(place)[\(index)]", 1...200), !seen.insert(name).inserted {
                    add("\(place)[\(index)]", "\"\(name.head(bytes: 64))\" is given twice")
                }
            }
        }

        mutating func columns(_ columns: [LayoutSpec.Column]) {
            guard count(columns.count, "columns", 1...maximumColumns) else { return }
            var seen: Set<String> = []
            for (index, column) in columns.enumerated() {
                let place = "columns[\(index)]"
                if length(column.name, "\(place).name", 1...200), !seen.insert(column.name).inserted {
                    add("\(place).name", "\"\(column.name.head(bytes: 64))\" is given twice")
                }
                text(column.title, "\(place).title", 1...200)
                if let width = column.width, !widths.contains(width) {
                    add("\(place).width", "\(width) is out of bounds; allowed are 1 to 200 characters")
                }
                word(column.total, "\(place).total", of: TableColumn.Total.allCases.map(\.rawValue))
                code(column.format, "\(place).format")
            }
        }

        mutating func code(_ code: String?, _ place: String) {
            guard let code else { return }
            do throws(FormatCode.Fault) {
                _ = try FormatCode(code)
            } catch {
                add(place, error.description)
            }
        }

        mutating func charts(_ charts: [LayoutSpec.Chart]) {
            guard count(charts.count, "charts", 1...maximumCharts) else { return }
            for (index, chart) in charts.enumerated() {
                let place = "charts[\(index)]"
                word(chart.type, "\(place).type", of: TableLayout.Chart.Kind.allCases.map(\.rawValue))
                text(chart.title, "\(place).title", 1...200)
                length(chart.x, "\(place).x", 1...200)
                names(chart.series, "\(place).series", 1...maximumSeries)
            }
        }
    }
}

/// What is wrong with a layout: every fault, each naming its field, the value and what is allowed.
package struct LayoutFaults: Error, Hashable, CustomStringConvertible {
    package let messages: [String]

    package var description: String { messages.joined(separator: "; ") }
}
