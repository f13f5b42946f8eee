/// Why an address of an external server can't be used. For people; never has a password in it.
package struct AddressFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
}
