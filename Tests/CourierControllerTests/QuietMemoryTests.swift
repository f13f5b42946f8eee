import DaemonSupport
import FoundationEssentials
import Testing

/// What an idle courier gives back.
@Suite struct QuietMemoryTests {
    @Test func codeAloneIsDropped() {
        let maps = """
            55aebcf9e000-55aebe8a1000 r-xp 00000000 fe:00 16238218                   /usr/bin/report-courier
            55aebe8a1000-55aebe90b000 r--p 01902000 fe:00 16238218                   /usr/bin/report-courier
            55aebe90b000-55aebe9c1000 rw-p 0196c000 fe:00 16238218                   /usr/bin/report-courier
            55aebf000000-55aebf100000 rw-p 00000000 00:00 0                          [heap]
            7f0000000000-7f0000010000 r-xp 00000000 00:00 0
            7f1000000000-7f1000020000 r-xp 00028000 fe:00 77                         /usr/lib/libc.so.6 (deleted)
            7f1000020000-7f1000030000 r-xs 00028000 fe:00 77                         /usr/lib/shared
            7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]
            """
        #expect(
            QuietMemory.code(in: maps) == [0x55ae_bcf9_e000..<0x55ae_be8a_1000, 0x7f10_0000_0000..<0x7f10_0002_0000])
        #expect(QuietMemory.code(in: "").isEmpty && QuietMemory.code(in: "x-y r-xp 0 0 0 /a").isEmpty)
    }

    /// It comes back by itself, also in the middle of it.
    @Test func theProgramGoesOnAndHoldsLess() throws {
        func resident() throws -> Int {
            let data = try #require(FileManager.default.contents(atPath: "/proc/self/statm"))
            let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
            // Of files: the third.
            return try #require(Int(fields[2]))
        }
        var least = Int.max
        let before = try resident()
        for _ in 0..<5 {
            QuietMemory.giveBack()
            least = min(least, try resident())
        }
        #expect(least < before, "\(least) of \(before) pages")
        #expect((1...1000).map { "\($0)" }.joined().utf8.count == 2893)
    }
}
