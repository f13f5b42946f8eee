/// What is wrong with a layout: every fault, each naming its field, the value and what is allowed.
package struct LayoutFaults: Error, Hashable, CustomStringConvertible {
    package let messages: [String]

    package var description: String { messages.joined(separator: "; ") }
}
