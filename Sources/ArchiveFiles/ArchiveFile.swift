import Digests
import Glibc
package import ReportArchive

/// A file of an archive that is read, from its beginning to its end, piece by piece.
package final class ArchiveFile {
    package let name: String
    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// Of what was handed out.
    private var digest = SHA256()
    /// How many bytes were handed out.
    package private(set) var count = 0
    /// Of a file that is encrypted; what is handed out is what it holds.
    private let opening: AgeOpening?
    /// Of an encrypted file's own bytes, as far as they were read.
    private var rawDigest = SHA256()
    private var rawCount = 0

    private static let piece = 64 << 10
    /// A document has 16 MB at most, and no byte becomes more than six.
    private static let longestLine = 128 << 20

    /// `identities`: open it; nil of a file that isn't encrypted, or is read as it is.
    init(name: String, descriptor: CInt, identities: [AgeIdentity]? = nil) {
        self.name = name
        self.descriptor = descriptor
        opening = identities.map(AgeOpening.init)
    }

    deinit { close(descriptor) }

    /// Waits until all of it is on the disk.
    package func settle() throws {
        guard fsync(descriptor) == 0 else { throw ArchiveFolder.trouble(name, "can't be written to the disk") }
    }

    /// Whether there is more.
    private func fill() throws -> Bool {
        guard !isAtEnd else { return false }
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.piece) { bytes, length in
            count = Glibc.read(descriptor, bytes.baseAddress, Self.piece)
            length = max(0, count)
        }
        guard count >= 0 else { throw ArchiveFolder.trouble(name, "can't be read") }
        isAtEnd = count == 0
        guard let opening else {
            buffer.append(contentsOf: piece)
            return !isAtEnd
        }
        rawDigest.update(piece)
        rawCount += piece.count
        do throws(AgeFault) { buffer.append(contentsOf: try opening.take(piece, isLast: isAtEnd)) } catch {
            switch error {
            case .header: throw ArchiveTrouble("\(name): is not encrypted as age does it, or was changed")
            case .otherKey:
                throw ArchiveTrouble("\(name): is encrypted to another key than that of --identity", isOfKey: true)
            case .changed(let place):
                throw ArchiveTrouble("\(name): was changed, or breaks off, after \(place) bytes of what it holds")
            }
        }
        return !isAtEnd || !buffer.isEmpty
    }

    /// The next line, without its line feed; nil at the end.
    ///
    /// Throws `ArchiveTrouble` also where the last one has no line feed.
    package func line() throws -> ArraySlice<UInt8>? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[position..<end]
                take(end + 1 - position)
                return line
            }
            searched = buffer.count - position
            guard buffer.count - position <= Self.longestLine else {
                throw ArchiveTrouble("\(name): a line is too long")
            }
            guard try fill() else {
                guard position == buffer.count else {
                    throw ArchiveTrouble("\(name): the last line is not whole")
                }
                return nil
            }
        }
    }

    /// The next bytes: fewer than asked for only at the end.
    package func bytes(_ count: Int) throws -> [UInt8] {
        while buffer.count - position < count, try fill() {}
        let bytes = Array(buffer[position..<min(buffer.count, position + count)])
        take(bytes.count)
        return bytes
    }

    private func take(_ length: Int) {
        digest.update(buffer[position..<position + length])
        position += length
        count += length
    }

    /// Reads on to the end; what the whole file is, as it is on the disk.
    package func finish() throws -> (bytes: Int, sha256: String) {
        repeat { take(buffer.count - position) } while try fill()
        return opening == nil ? (count, digestSoFar()) : (rawCount, rawDigest.copy().finish())
    }

    /// The SHA-256 of what was handed out so far.
    package func digestSoFar() -> String { digest.copy().finish() }
}

/// A file of an archive that is written.
package final class ArchiveOutput: @unchecked Sendable {
    // @unchecked: one task writes it, and once that has ended another thread waits for the disk.
    package let name: String
    private let descriptor: CInt
    private let onStep: (@Sendable (ArchiveFolder.Step) throws -> Void)?
    private var digest = SHA256()
    private var count = 0
    /// In bytes, as it is on the disk.
    var size: Int { count }
    private var sealing: AgeSealing?

    /// `recipients`: those it is encrypted to; nil where it isn't.
    init(
        name: String, descriptor: CInt, recipients: [AgeRecipient]? = nil,
        onStep: (@Sendable (ArchiveFolder.Step) throws -> Void)?
    ) throws {
        self.name = name
        self.descriptor = descriptor
        self.onStep = onStep
        sealing = recipients.map(AgeSealing.init)
        if let sealing { try append(sealing.head) }
    }

    deinit { close(descriptor) }

    package func write(_ bytes: [UInt8]) throws {
        try onStep?(.write(name))
        try append(sealing?.take(bytes) ?? bytes)
    }

    private func append(_ bytes: [UInt8]) throws {
        digest.update(bytes)
        count += bytes.count
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { raw in
                Glibc.write(descriptor, raw.baseAddress.map { $0 + start }, raw.count - start)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw ArchiveFolder.trouble(name, "can't be written") }
            start += written
        }
    }

    package func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// Ends it; what the file is now.
    package func finish() throws -> ManifestFile {
        if let sealing { try append(sealing.finish()) }
        sealing = nil
        // The disk begins to take it, so that many files are waited for together.
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        return ManifestFile(path: name, bytes: count, sha256: digest.copy().finish())
    }

    /// Waits until all that was written is on the disk.
    package func settle() throws {
        guard fsync(descriptor) == 0 else { throw ArchiveFolder.trouble(name, "can't be written to the disk") }
    }

    package func digestSoFar() -> String { digest.copy().finish() }
}
