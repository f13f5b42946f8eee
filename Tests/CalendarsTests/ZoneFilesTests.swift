import Calendars
import TestSupport
import Testing
import ZoneFiles

struct ZoneFilesTests {
    @Test(arguments: ["../../../etc/passwd", "/etc/passwd", "", "No/Such", "localtime", "Europe"])
    func zonesComeFromTheDatabaseAndFromNowhereElse(name: String) {
        #expect(throws: ZoneFiles.Unknown.self) { try ZoneFiles().rules(name) }
    }

    @Test func utcNeedsNoDatabase() throws {
        #expect(try ZoneFiles(directory: "/no/such/folder").rules("UTC") == .utc)
    }
}
