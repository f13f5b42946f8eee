package import FoundationEssentials

/// Where PEM text is to be had: a path, read again for each new connection, or the text itself.
package enum PEMSource: Hashable, Sendable {
    case file(String)
    case data(Data)
}
