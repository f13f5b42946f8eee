import Foundation
import ProgramSupport

/// A folder for a test, or a file system of its own there.
final class ScratchVolume {
    let path: String
    private let isMounted: Bool

    /// `options`: of a file system in memory, such as `size=64k`; nil for a plain folder.
    init(mounting options: String? = nil) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("volume-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        isMounted = options != nil
        guard let options else { return }
        guard Self.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path) else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    deinit {
        if isMounted { _ = Self.run("umount", "-l", path) }
        try? FileManager.default.removeItem(atPath: path)
    }

    func remount(_ options: String) -> Bool { Self.run("mount", "-o", "remount,\(options)", path) }

    /// All files and folders in it, hidden ones too, in order.
    var names: [String] { ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted() }

    func content(_ name: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(name)") }

    func inode(_ name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"))?[.systemFileNumber] as? Int
    }

    /// Whether this user may mount anything.
    static let canMount: Bool = { (try? ScratchVolume(mounting: "size=64k")) != nil }()

    private static func run(_ command: String...) -> Bool {
        (try? ChildProgram.result(of: command))?.status == 0
    }
}
