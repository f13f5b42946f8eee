import ArgumentParser
import FoundationEssentials
package import Logging

/// An option that may be given in a file, since a command line can be read by everybody on the node.
package struct SecretOption {
    private let value: String?
    private let file: String?
    /// Such as `--redis-url`; the file's is `--redis-url-file`.
    private let name: String

    package init(value: String?, file: String?, name: String) {
        self.value = value
        self.file = file
        self.name = name
    }

    /// The value, or what the file holds, without the line's end that editors put behind it.
    ///
    /// A file that isn't there counts as no value if its folder is: a Secret that may be absent is mounted as an empty folder.
    package func text(logger: Logger) throws -> String? {
        if let value { return value }
        guard let file else { return nil }
        guard let data = FileManager.default.contents(atPath: file) else {
            let folder = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
            guard !folder.isEmpty, FileManager.default.fileExists(atPath: String(folder)),
                !FileManager.default.fileExists(atPath: file)
            else { throw ValidationError("\(name)-file: \(file) can't be read") }
            logger.notice(
                "Not configured: the file isn't there", metadata: ["option": "\(name)-file", "file": "\(file)"])
            return nil
        }
        var text = Substring(decoding: data, as: UTF8.self)
        while text.last?.isWhitespace == true { text.removeLast() }
        guard !text.isEmpty else { throw ValidationError("\(name)-file: \(file) is empty") }
        return String(text)
    }
}
