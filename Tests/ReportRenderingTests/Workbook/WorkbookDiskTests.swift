import Foundation
import Glibc
import ReportLayout
import ReportRecords
import Testing

@testable import ReportRendering

struct WorkbookDiskTests {
    private func fixture() throws -> WorkbookFixture {
        try WorkbookFixture(
            [("a", .string, nil, false), ("b", .integer, nil, true)],
            (0..<4000).map { [.string("row \($0)"), .integer($0)] })
    }

    @Test func aFullDiskIsAnError() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let fixture = try fixture()
        let error = #expect(throws: RenderError.self) {
            try WorkbookRenderer.render(
                fixture.layout, rows: RowList(fixture.rows), to: descriptor, temporaryFolder: "/tmp")
        }
        #expect(error?.kind == .cannotWrite)
    }

    @Test func aFolderThatIsNotThereIsAnError() throws {
        let error = #expect(throws: RenderError.self) { try fixture().write(temporaryFolder: "/nowhere") }
        #expect(error?.description.contains("/nowhere: No such file or directory") == true)
    }

    /// Wherever a disk for temporary files ends, in the rows, in their copy or in the archive: the workbook is whole
    /// or there is none. (The library itself leaves rows out and reports nothing.)
    @Test(.enabled(if: geteuid() == 0, "only root makes a disk")) func nothingIsLostOnAFullDiskForTemporaryFiles()
        throws
    {
        let fixture = try fixture()
        let whole = try fixture.write().bytes
        var ends: [Bool] = []
        // The rows have 400 kB, and so has their copy; the archive has 90 kB.
        for kilobytes in stride(from: 16, through: 1072, by: 32) {
            let disk = try TemporaryFolder()
            try #require(mount("tmpfs", disk.path, "tmpfs", 0, "size=\(kilobytes)k") == 0)
            defer { umount(disk.path) }
            let result = Result { try fixture.write(temporaryFolder: disk.path).bytes }
            switch result {
            case .success(let bytes): #expect(bytes == whole, "\(kilobytes) kB")
            case .failure(let error):
                #expect((error as? RenderError)?.kind == .cannotWrite, "\(kilobytes) kB: \(error)")
            }
            ends.append((try? result.get()) != nil)
        }
        #expect(ends.first == false && ends.last == true)
    }
}
