/// How wide the columns of a table are, and which of them are side by side on a page.
struct ColumnPlan {
    /// What a column asks for, in points.
    struct Wish {
        /// All its texts and its title on one line.
        var natural: Double
        /// Most of its texts on one line, its title perhaps on two.
        var pleasant: Double
        /// No word broken.
        var least: Double
    }

    /// What letters and widths are multiplied by, so that all fits.
    var scale = 1.0
    var widths: [Double]
    /// Between two columns.
    var gap: Double
    /// The columns of each page beside the others, from left to right; the first column is on each.
    var panels: [[Int]]
    /// Whether all has room as it should.
    var isPleasant = true

    static let gap = 12.0
    private static let widestGap = 30.0
    /// The smallest letters are those of a small print still legible.
    private static let scales = [1, 0.94, 0.88, 0.82]

    init(_ wishes: [Wish], room: Double) {
        let count = Double(wishes.count)
        let all = [Array(wishes.indices)]
        let gaps = Self.gap * max(0, count - 1)
        let natural = wishes.reduce(gaps) { $0 + $1.natural }
        let pleasant = wishes.reduce(gaps) { $0 + $1.pleasant }
        if natural <= room {
            // A table of few narrow columns stays together, so that the eye finds from one to the next.
            let rest = (room - natural) / max(1, count - 1)
            let extra = natural * 1.8 >= room ? rest : min(rest, Self.widestGap - Self.gap)
            self.init(widths: wishes.map(\.natural), gap: Self.gap + extra, panels: all)
        } else if pleasant <= room {
            let widths = Self.spread(room - pleasant, wishes.map(\.pleasant), wishes.map(\.natural))
            self.init(widths: widths, gap: Self.gap, panels: all)
        } else if let scale = Self.scales.first(where: { $0 * wishes.reduce(gaps) { $0 + $1.least } <= room }) {
            let least = wishes.map { $0.least * scale }
            let rest = room - least.reduce(gaps * scale, +)
            let widths = Self.spread(rest, least, wishes.map { $0.pleasant * scale })
            self.init(scale: scale, widths: widths, gap: Self.gap * scale, panels: all, isPleasant: false)
        } else {
            self.init(panelsOf: wishes, room: room)
        }
    }

    private init(scale: Double = 1, widths: [Double], gap: Double, panels: [[Int]], isPleasant: Bool = true) {
        self.scale = scale
        self.widths = widths
        self.gap = gap
        self.panels = panels
        self.isPleasant = isPleasant
    }

    /// Goes on sideways: as many columns a page as fit beside the first.
    private init(panelsOf wishes: [Wish], room: Double) {
        let scale = 0.88
        let gap = Self.gap * scale
        let key = min(wishes[0].pleasant * scale, room * 0.35)
        var widths = wishes.map { min($0.pleasant * scale, room - key - gap) }
        widths[0] = key
        var panels = [[0]]
        var x = key
        for column in wishes.indices.dropFirst() {
            if x + gap + widths[column] > room + 0.01 {
                panels.append([0])
                x = key
            }
            panels[panels.count - 1].append(column)
            x += gap + widths[column]
        }
        self.init(scale: scale, widths: widths, gap: gap, panels: panels, isPleasant: false)
    }

    /// Hands out what is left to the columns that want more, in proportion.
    private static func spread(_ rest: Double, _ widths: [Double], _ wanted: [Double]) -> [Double] {
        let lacking = zip(widths, wanted).reduce(0) { $0 + max(0, $1.1 - $1.0) }
        guard lacking > 0 else { return widths }
        let share = min(1, max(0, rest) / lacking)
        return zip(widths, wanted).map { $0 + max(0, $1 - $0) * share }
    }
}
