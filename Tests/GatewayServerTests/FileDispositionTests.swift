import Testing

@testable import GatewayServer

struct FileDispositionTests {
    @Test func aNameAsItIs() {
        #expect(
            FileDisposition.header(name: "trial-balance-2026-10.pdf")
                == "attachment; filename=\"trial-balance-2026-10.pdf\"; filename*=UTF-8''trial-balance-2026-10.pdf")
    }

    @Test func otherLettersAreCoded() {
        #expect(
            FileDisposition.header(name: "Bücher.pdf")
                == "attachment; filename=\"B_cher.pdf\"; filename*=UTF-8''B%C3%BCcher.pdf")
    }

    /// None leads out of a folder, ends the header, begins another one, hides its ending or is hidden itself.
    @Test(arguments: [
        "../../etc/passwd", "..\\..\\boot.ini", "a\"; filename=\"b.exe", "a\r\nSet-Cookie: b=c", "a\u{0}b",
        "a\u{202E}fdp.exe", ".bashrc", "  . hidden", "C:\\x", "a/b", "a\u{7F}b", "", "...", "a\u{2066}b",
    ])
    func hostileNames(name: String) throws {
        let header = FileDisposition.header(name: name)
        #expect(header.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) })
        #expect(header.count { $0 == "\"" } == 2)
        let quoted = try #require(header.split(separator: "\"").dropFirst().first)
        #expect(!quoted.isEmpty && !quoted.hasPrefix("."))
        #expect(!quoted.contains { "/\\:".contains($0) })
        let coded = try #require(header.split(separator: "''").last)
        for part in ["%2F", "%5C", "%0D", "%0A", "%00", "%E2%80%AE", "%E2%81%A6", "%22"] {
            #expect(!coded.contains(part))
        }
    }
}
