/// A page of a list; `next` is the cursor of the one after it.
package struct ListPage<Item: JSONWritable>: JSONWritable {
    package var items: [Item]
    package var next: String?
    /// Why these may not be all; nil where they are.
    package var notice: String?

    package init(items: [Item], next: String? = nil, notice: String? = nil) {
        self.items = items
        self.next = next
        self.notice = notice
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("items", items)
            $0.member("next", next)
            $0.member("notice", notice)
        }
    }
}

extension ListPage: Sendable where Item: Sendable {}

/// A page of requests, live and past ones together.
package struct RequestPage: JSONWritable, Sendable {
    package var items: [RequestView]
    package var next: String?
    /// False: the record can't be asked now, and these are the live ones alone.
    package var isRecordAvailable: Bool
    package var notice: String?

    package init(items: [RequestView], next: String? = nil, isRecordAvailable: Bool = true, notice: String? = nil) {
        self.items = items
        self.next = next
        self.isRecordAvailable = isRecordAvailable
        self.notice = notice
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("items", items)
            $0.member("next", next)
            $0.member("recordAvailable", isRecordAvailable)
            $0.member("notice", notice)
        }
    }
}
