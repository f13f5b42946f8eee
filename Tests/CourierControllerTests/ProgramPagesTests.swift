import FoundationEssentials
import ProgramPages
import Testing

/// What a process gives back of its own program.
@Suite struct ProgramPagesTests {
    /// `access`, the kilobytes that were written to, and the file.
    private static func mapping(_ range: String, _ access: String, _ written: Int, _ file: String) -> String {
        """
        \(range) \(access) 00001000 fe:00 77                         \(file)
        Size:                 40 kB
        Rss:                  40 kB
        Anonymous:      \(written) kB
        VmFlags: rd ex mr mw me

        """
    }

    @Test func whatNobodyHasChangedIsDropped() {
        let smaps =
            Self.mapping("1000-2000", "r--p", 0, "/usr/bin/report-courier")
            + Self.mapping("2000-3000", "r-xp", 0, "/usr/bin/report-courier")
            + Self.mapping("3000-4000", "r--p", 0, "/usr/bin/report-courier")
            + Self.mapping("7ffd00000000-7ffd00002000", "r-xp", 0, "/usr/lib/a library.so (deleted)")
        #expect(
            ProgramPages.unchanged(in: Array(smaps.utf8)) == [
                0x1000..<0x2000, 0x2000..<0x3000, 0x3000..<0x4000, 0x7ffd_0000_0000..<0x7ffd_0000_2000,
            ])
    }

    @Test(arguments: [
        ("r--p", 4, "/usr/bin/report-courier"), ("r-xp", 8, "/usr/bin/report-courier"),
        ("rw-p", 0, "/usr/bin/report-courier"), ("r--s", 0, "/usr/bin/report-courier"),
        ("r--p", 0, "/usr/share/fonts/a.ttf"), ("r--p", 0, ""), ("r-xp", 0, ""), ("r-xp", 0, "[vdso]"),
        ("rw-p", 0, "[heap]"),
    ])
    func whatWasWrittenOrIsOfNoProgramStays(access: String, written: Int, file: String) {
        let smaps =
            Self.mapping("1000-2000", "r-xp", 0, "/usr/bin/report-courier")
            + Self.mapping("2000-3000", access, written, file)
        #expect(ProgramPages.unchanged(in: Array(smaps.utf8)) == [0x1000..<0x2000])
    }

    @Test func whatIsNoMappingIsNone() {
        for text in [
            "", "x-y r-xp 0 0 0 /a\nAnonymous: 0 kB", "2000-1000 r-xp 0 0 0 /a\nAnonymous: 0 kB", "Anonymous: 0 kB",
        ] {
            #expect(ProgramPages.unchanged(in: Array(text.utf8)).isEmpty)
        }
    }

    /// It comes back by itself, also in the middle of it. In a process of its own: other tests would have it back at once.
    @Test func theProgramGoesOnAndHoldsLess() async {
        await #expect(processExitsWith: .success) {
            func resident() throws -> Int {
                let data = FileManager.default.contents(atPath: "/proc/self/statm") ?? Data()
                let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
                // Of files: the third.
                guard fields.count > 2, let pages = Int(fields[2]) else { throw Misfit(description: "\(fields)") }
                return pages
            }
            var least = Int.max
            let before = try resident()
            for _ in 0..<5 {
                ProgramPages.drop()
                least = min(least, try resident())
            }
            // Not of the first lines alone: most of it is in libraries.
            guard least < before / 2 else { throw Misfit(description: "\(least) of \(before) pages") }
            let digits = (1...1000).map { "\($0)" }.joined().utf8.count
            guard digits == 2893 else { throw Misfit(description: "\(digits) digits") }
        }
    }

    private struct Misfit: Error, CustomStringConvertible { let description: String }
}
