import KubernetesModel

/// The bookmarks of a report's groups, and where each open group began.
struct GroupMarks {
    private struct Mark {
        var bookmark: Int32?
        var page: Int
        var y: Double
    }

    /// Of the groups that are open, the outermost first.
    private var open: [Mark] = []
    private var count = 0

    /// A file keeps bookmarks and links in memory until its end; nobody reads a longer list of them.
    static let limit = 5000

    /// Makes a bookmark of a heading, and where it is repeated a link to where the group began.
    mutating func mark(
        _ name: String, level: Int, y: Double, isRepeated: Bool, _ document: PDFDocument, _ geometry: PageGeometry
    ) {
        guard count < Self.limit else { return }
        count += 1
        if isRepeated {
            guard level < open.count else { return }
            document.addLink(
                x: geometry.left, y: y, width: geometry.room, height: 16, toPage: open[level].page, y: open[level].y)
        } else {
            let parent = level > 0 && level <= open.count ? open[level - 1].bookmark : nil
            let bookmark = document.addBookmark(name.head(bytes: 200), below: parent, x: geometry.left, y: y)
            open = open.prefix(level) + [Mark(bookmark: bookmark, page: document.pageNumber, y: y)]
        }
    }
}
