/// First in, first out, without moving what stays.
struct CommandQueue<Element> {
    private var elements: [Element] = []
    private var head = 0

    var isEmpty: Bool { head == elements.count }
    var first: Element? { isEmpty ? nil : elements[head] }

    mutating func append(_ element: Element) { elements.append(element) }

    /// Changes the first, which must exist.
    mutating func withFirst<Value>(_ body: (inout Element) -> Value) -> Value { body(&elements[head]) }

    @discardableResult
    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[head]
        head += 1
        if head == elements.count {
            // A burst's memory isn't kept for good.
            elements.removeAll(keepingCapacity: elements.count <= 1024)
            head = 0
        } else if head > 1024, head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    mutating func prepend(_ others: [Element]) {
        elements.replaceSubrange(..<head, with: others)
        head = 0
    }

    mutating func removeAll(where isGone: (Element) -> Bool) {
        elements.removeFirst(head)
        head = 0
        elements.removeAll(where: isGone)
    }

    /// Empties it and returns what was there.
    mutating func takeAll() -> [Element] {
        defer {
            elements = []
            head = 0
        }
        return Array(elements[head...])
    }

    func forEach(_ body: (Element) -> Void) { elements[head...].forEach(body) }
}
