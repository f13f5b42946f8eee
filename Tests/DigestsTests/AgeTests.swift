import Digests
import Foundation
import ProgramSupport
import Testing

/// Files of age, with the distribution's own `age` on the other side.
struct AgeTests {
    private static let sizes = [0, 1, 1000, 65_535, 65_536, 65_537, 131_072, 300_000]

    private let identity: AgeIdentity
    private let identityFile: URL
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "age-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        identityFile = folder.appending(path: "identity.txt")
        _ = try Self.run("age-keygen", "-o", identityFile.path)
        let all = AgeIdentity.all(in: try String(contentsOf: identityFile, encoding: .utf8))
        identity = try #require(all?.first)
    }

    /// What a program answers; throws where it fails.
    private static func run(_ words: String...) throws -> Data {
        try ChildProgram.output(of: words)
    }

    private static func content(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 9) }
    }

    private func sealed(_ bytes: [UInt8], piece: Int = 10_007, to recipients: [AgeRecipient]? = nil) -> [UInt8] {
        let sealing = AgeSealing(to: recipients ?? [identity.recipient])
        var sealed = sealing.head
        for start in stride(from: 0, to: bytes.count, by: piece) {
            sealed += sealing.take(Array(bytes[start..<min(start + piece, bytes.count)]))
        }
        return sealed + sealing.finish()
    }

    private func opened(_ sealed: [UInt8], piece: Int = 4096, with identity: AgeIdentity? = nil) throws -> [UInt8] {
        let opening = AgeOpening([identity ?? self.identity])
        var opened: [UInt8] = []
        for start in stride(from: 0, to: sealed.count, by: piece) {
            opened += try opening.take(Array(sealed[start..<min(start + piece, sealed.count)]), isLast: false)
        }
        return opened + (try opening.take([], isLast: true))
    }

    @Test func keysAreThoseOfAgeKeygen() throws {
        let own = try Self.run("age-keygen", "-y", identityFile.path)
        #expect("\(identity.recipient)\n" == String(decoding: own, as: UTF8.self))
        #expect(AgeRecipient(identity.recipient.description) == identity.recipient)
        #expect("\(identity)" == "(key)" && "\([identity])" == "[(key)]")
        let text = identity.recipient.description
        for index in text.indices {
            var changed = text
            changed.replaceSubrange(index...index, with: changed[index] == "q" ? "p" : "q")
            #expect(AgeRecipient(changed) == nil, "\(changed)")
        }
        for text in ["", "age1", text.uppercased(), text + "q", String(text.dropLast())] {
            #expect(AgeRecipient(text) == nil && AgeIdentity(text) == nil && AgeIdentity.all(in: text) == nil)
        }
    }

    @Test(arguments: sizes) func ageOpensWhatWeSeal(size: Int) throws {
        let bytes = Self.content(size)
        let file = folder.appending(path: "sealed.age")
        try Data(sealed(bytes)).write(to: file)
        #expect(try Array(Self.run("age", "-d", "-i", identityFile.path, file.path)) == bytes)
    }

    @Test(arguments: sizes) func weOpenWhatAgeSeals(size: Int) throws {
        let bytes = Self.content(size)
        let (plain, file) = (folder.appending(path: "plain"), folder.appending(path: "sealed.age"))
        try Data(bytes).write(to: plain)
        let key = identity.recipient.description
        _ = try Self.run("age", "-r", key, "-o", file.path, plain.path)
        let sealed = Array(try Data(contentsOf: file))
        for piece in [1021, 65_536, 1 << 20] { #expect(try opened(sealed, piece: piece) == bytes) }
        if size <= 1000 { #expect(try opened(sealed, piece: 1) == bytes) }
    }

    @Test func eachRecipientOpensItAndNobodyElse() throws {
        let others = try (0..<2).map { number in
            let file = folder.appending(path: "other-\(number).txt")
            _ = try Self.run("age-keygen", "-o", file.path)
            return try #require(AgeIdentity.all(in: try String(contentsOf: file, encoding: .utf8))?.first)
        }
        let bytes = Self.content(100)
        let sealed = sealed(bytes, to: [others[0].recipient, identity.recipient])
        #expect(try opened(sealed) == bytes && opened(sealed, with: others[0]) == bytes)
        #expect(throws: AgeFault.otherKey) { try opened(sealed, with: others[1]) }
    }

    @Test func noByteCanBeChangedOrMissing() throws {
        let small = sealed(Self.content(50))
        for index in small.indices {
            var changed = small
            changed[index] ^= 1
            #expect(throws: AgeFault.self, "\(index)") { try opened(changed) }
            #expect(throws: AgeFault.self, "\(index)") { try opened(Array(small.prefix(index))) }
        }
        #expect(throws: AgeFault.self) { try opened(small + [0]) }
        // Pieces can't change places, and none can go.
        let piece = 65_536 + 16
        let large = sealed(Self.content(3 * 65_536))
        let body = large.count - 3 * piece
        let (first, second) = (Array(large[body..<body + piece]), Array(large[(body + piece)..<(body + 2 * piece)]))
        let head = Array(large.prefix(body))
        let last = Array(large.suffix(piece))
        #expect(throws: AgeFault.changed(at: 0)) { try opened(head + second + first + last) }
        #expect(throws: AgeFault.changed(at: 65_536)) { try opened(head + first + last) }
        #expect(throws: AgeFault.changed(at: 65_536)) { try opened(head + first + second) }
    }

    @Test func noMoreThanAPieceWaits() {
        let sealing = AgeSealing(to: [identity.recipient])
        var written = 0
        for number in 1...200 {
            written += sealing.take(Self.content(10_000)).count
            #expect(written >= number * 10_000 - 65_536)
        }
    }
}
