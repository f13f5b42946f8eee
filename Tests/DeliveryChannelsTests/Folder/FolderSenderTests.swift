import DeliveryChannels
import Foundation
import Glibc
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportLayout
import Testing

@Suite("Folders", .timeLimit(.minutes(2))) struct FolderSenderTests {
    private static let place = "finance/0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d"

    private func sender(
        _ volume: String, path: String = "{namespace}/{report}", overwrite: Bool? = nil
    ) throws -> FolderSender {
        let folder = ReportChannelSpec.Folder(volume: volume, path: path, overwrite: overwrite)
        return try FolderSender(ReportChannelSpec(type: .folder, folder: folder), mayBeContainersOwn: true)
    }

    private func send(
        _ copy: Dispatch, through sender: FolderSender, within limit: Duration = .seconds(60),
        mayBegin: @escaping @Sendable () -> Bool = { true }
    ) async -> SendOutcome {
        await sender.send(copy, by: .now + limit, mayBegin: mayBegin)
    }

    // MARK: What is there afterwards

    @Test("Files come to the report's place, whole, and nothing else") func files() async throws {
        let volume = try ScratchVolume()
        let files = [
            try Copies.file(Copies.bytes(700_000), name: "Größe 😀.pdf"),
            try Copies.file(Data(), name: "empty.xlsx", format: .xlsx),
        ]
        defer { Copies.remove(files) }
        let outcome = await send(Copies.one(files), through: try sender(volume.path))
        let place = "\(volume.path)/\(Self.place)"
        #expect(outcome == .sent(id: place, words: "Wrote Größe 😀.pdf, empty.xlsx to \(place)"))
        #expect(volume.names == ["finance", Self.place, "\(Self.place)/Größe 😀.pdf", "\(Self.place)/empty.xlsx"])
        #expect(volume.content("\(Self.place)/Größe 😀.pdf") == Copies.bytes(700_000))
        #expect(volume.content("\(Self.place)/empty.xlsx") == Data())
    }

    @Test("The same bytes are sent at once, without being written again") func again() async throws {
        let volume = try ScratchVolume()
        let file = try Copies.file(Copies.bytes(300_000))
        defer { Copies.remove([file]) }
        let sender = try sender(volume.path)
        #expect(sender.repeatsHarmlessly)
        _ = await send(Copies.one([file]), through: sender)
        let name = "\(Self.place)/\(file.name)"
        let inode = volume.inode(name)
        let asked = Flag()
        let outcome = await send(Copies.one([file]), through: sender) { asked.raise() }
        #expect(
            outcome
                == .sent(
                    id: "\(volume.path)/\(Self.place)", words: "\(file.name) already in \(volume.path)/\(Self.place)"))
        #expect(volume.inode(name) == inode && !asked.isRaised)
    }

    @Test("A resend of the report replaces its file at once") func resend() async throws {
        let volume = try ScratchVolume()
        let files = try [Copies.bytes(300_000), Copies.bytes(300_001)].map { try Copies.file($0) }
        defer { Copies.remove(files) }
        let sender = try sender(volume.path)
        _ = await send(Copies.one([files[0]]), through: sender)
        let reader = try #require(FileHandle(forReadingAtPath: "\(volume.path)/\(Self.place)/\(files[0].name)"))
        guard case .sent = await send(Copies.one([files[1]], id: "another"), through: sender) else {
            Issue.record("not replaced")
            return
        }
        #expect(volume.content("\(Self.place)/\(files[0].name)") == Copies.bytes(300_001))
        // Who reads the old one has all of it.
        #expect(try reader.readToEnd() == Copies.bytes(300_000))
    }

    @Test("Another's file stays unless the channel says otherwise") func overwrite() async throws {
        let volume = try ScratchVolume()
        let file = try Copies.file(Data("new".utf8))
        defer { Copies.remove([file]) }
        for (overwrite, content) in [(false, "old"), (true, "new")] {
            try Data("old".utf8).write(to: URL(fileURLWithPath: "\(volume.path)/\(file.name)"))
            try FileManager.default.createDirectory(
                atPath: "\(volume.path)/finance", withIntermediateDirectories: true)
            try Data("old".utf8).write(to: URL(fileURLWithPath: "\(volume.path)/finance/\(file.name)"))
            let outcome = await send(
                Copies.one([file]), through: try sender(volume.path, path: "{namespace}", overwrite: overwrite))
            if !overwrite {
                #expect(
                    outcome
                        == .refused(
                            words: "\(volume.path)/finance/\(file.name) is there with other contents; move it away, or "
                                + "set spec.folder.overwrite: true"))
            }
            #expect(volume.content("finance/\(file.name)") == Data(content.utf8))
        }
    }

    @Test("A failed run leaves a text, which goes when the report is there") func notice() async throws {
        let volume = try ScratchVolume()
        let sender = try sender(volume.path)
        guard case .sent = await send(Copies.one(phase: .failed), through: sender) else {
            Issue.record("no notice")
            return
        }
        let name = "\(Self.place)/trial-balance-0b8f12aa-failed.txt"
        #expect(volume.names.last == name)
        let text = String(decoding: volume.content(name) ?? Data(), as: UTF8.self)
        #expect(
            text == """
                Trial balance 2026-10\r
                \r
                There is no report: the run failed (StageFailed).\r
                \r
                Report:   0b8f12aa-4c1d-4e0e-9d2b-1f0c5a6b7c8d\r
                Request:  finance/october\r
                Pipeline: trial-balance\r
                Attempt:  1\r
                Ended:    2026-10-31T06:00:00Z\r
                \r
                More: kubectl report describe october -n finance\r

                """)
        let file = try Copies.file(Data("%PDF".utf8))
        defer { Copies.remove([file]) }
        _ = await send(Copies.one([file]), through: sender)
        #expect(volume.names.filter { $0.hasPrefix(Self.place + "/") } == ["\(Self.place)/\(file.name)"])
    }

    // MARK: Out of the volume

    @Test("No value and no link leads out of the volume") func ways() async throws {
        let outside = try ScratchVolume()
        let volume = try ScratchVolume()
        let file = try Copies.file(Data("%PDF".utf8))
        defer { Copies.remove([file]) }
        let up: JSONObject = ["period": .string("../../../../tmp/x")]
        _ = await send(Copies.one([file], parameters: up), through: try sender(volume.path, path: "{period}/{report}"))
        #expect(volume.names.first == "________tmp_x")
        try FileManager.default.createSymbolicLink(
            atPath: "\(volume.path)/finance", withDestinationPath: outside.path)
        let refused = await send(Copies.one([file]), through: try sender(volume.path))
        #expect(
            refused
                == .refused(
                    words:
                        "\(volume.path)/finance is a file or a link, not a folder; links aren't followed: move it away")
        )
        // A link in the file's place is replaced, and what it led to stays.
        try Data("precious".utf8).write(to: URL(fileURLWithPath: "\(outside.path)/precious"))
        try FileManager.default.createDirectory(
            atPath: "\(volume.path)/reports/\(Copies.one().report.reportID)", withIntermediateDirectories: true)
        let name = "reports/\(Copies.one().report.reportID)/\(file.name)"
        try FileManager.default.createSymbolicLink(
            atPath: "\(volume.path)/\(name)", withDestinationPath: "\(outside.path)/precious")
        guard case .sent = await send(Copies.one([file]), through: try sender(volume.path, path: "reports/{report}"))
        else {
            Issue.record("not sent")
            return
        }
        #expect(outside.names == ["precious"] && outside.content("precious") == Data("precious".utf8))
        #expect(volume.content(name) == Data("%PDF".utf8))
    }

    @Test("A long value makes a folder of 100 bytes") func cut() async throws {
        let volume = try ScratchVolume()
        let file = try Copies.file(Data("%PDF".utf8))
        defer { Copies.remove([file]) }
        let long: JSONObject = ["customer": .string("x" + String(repeating: "ü", count: 200))]
        _ = await send(
            Copies.one([file], parameters: long), through: try sender(volume.path, path: "{customer}/{report}"))
        #expect(volume.names.first == "x" + String(repeating: "ü", count: 49))
    }

    @Test("A folder in the file's place is left alone") func folderInPlace() async throws {
        let volume = try ScratchVolume()
        let file = try Copies.file(Data("%PDF".utf8))
        defer { Copies.remove([file]) }
        try FileManager.default.createDirectory(
            atPath: "\(volume.path)/\(Self.place)/\(file.name)", withIntermediateDirectories: true)
        let outcome = await send(Copies.one([file]), through: try sender(volume.path))
        let words = "\(volume.path)/\(Self.place)/\(file.name) is a folder, where a file should be; move it away"
        #expect(outcome == .refused(words: words))
    }

    // MARK: Interrupted

    @Test("Two at once end as one whole file, and a reader never sees half of one") func twoAtOnce() async throws {
        let volume = try ScratchVolume()
        let file = try Copies.file(Copies.bytes(3_000_000))
        defer { Copies.remove([file]) }
        let couriers = [try sender(volume.path), try sender(volume.path)]
        let name = "\(Self.place)/\(file.name)"
        for _ in 0..<5 {
            try? FileManager.default.removeItem(atPath: "\(volume.path)/finance")
            let isDone = Flag()
            let reader = Task.detached { [path = volume.path] in
                var sizes: Set<Int> = []
                while !isDone.isRaised {
                    if let data = FileManager.default.contents(atPath: "\(path)/\(name)") { sizes.insert(data.count) }
                    // There are as many threads as cores, and couriers need one, too.
                    await Task.yield()
                }
                return sizes
            }
            let outcomes = await withTaskGroup(of: SendOutcome.self) { group in
                for courier in couriers { group.addTask { await send(Copies.one([file]), through: courier) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for outcome in outcomes {
                switch outcome {
                case .sent: continue
                case .deferred(let words, nil): #expect(words.hasSuffix("by another courier at the same time"))
                default: Issue.record("\(outcome)")
                }
            }
            guard case .sent = await send(Copies.one([file]), through: couriers[0]) else {
                Issue.record("a repeat doesn't end it")
                return
            }
            isDone.raise()
            #expect(await reader.value.isSubset(of: [3_000_000]))
            #expect(volume.names == ["finance", Self.place, name])
            #expect(volume.content(name) == Copies.bytes(3_000_000))
        }
    }

    @Test("What a killed courier left goes with the next try, and what others left stays") func leftover() async throws
    {
        let volume = try ScratchVolume()
        let file = try Copies.file(Copies.bytes(300_000))
        defer { Copies.remove([file]) }
        let sender = try sender(volume.path)
        let (folder, seen) = ("\(volume.path)/\(Self.place)", Recorder<String>())
        // Just before the renaming, where it is killed: all that is left is hidden.
        let outcome = await send(Copies.one([file]), through: sender) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            seen.append(contentsOf: names)
            for name in names {
                try? FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/\(name)-killed")
            }
            return false
        }
        #expect(outcome == .deferred(words: "Stopped before it was written", after: nil))
        #expect(seen.all.count == 1 && seen.all.allSatisfy { $0.hasPrefix(".report-") && $0.hasSuffix(".part") })
        try Data().write(to: URL(fileURLWithPath: "\(folder)/.report-0123456789abcdef-1.part"))
        #expect(volume.names.filter { $0.hasPrefix(Self.place + "/") }.count == 2)
        _ = await send(Copies.one([file]), through: sender)
        #expect(
            volume.names.filter { $0.hasPrefix(Self.place + "/") }
                == ["\(Self.place)/.report-0123456789abcdef-1.part", "\(Self.place)/\(file.name)"])
    }

    @Test("What hangs is given up at the deadline, and writes nothing later") func hang() async throws {
        let volume = try ScratchVolume()
        // A pipe that nobody writes to: opening it blocks, as a file server does that is away.
        let pipe = "\(volume.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let file = Dispatch.File(format: .pdf, name: "a.pdf", path: pipe, size: 4, sha256: "")
        let outcome = await send(Copies.one([file]), through: try sender(volume.path), within: .milliseconds(200))
        #expect(outcome == .deferred(words: "\(volume.path) did not answer in time", after: nil))
        // It would hang still: nobody has written yet.
        // Lets the thread go, which finds its time over.
        // Both ways: the thread may have gone before the writing.
        let writer = open(pipe, O_RDWR)
        write(writer, "%PDF", 4)
        close(writer)
        try await eventually { volume.names == ["finance", Self.place, "pipe"].sorted() }
    }

    @Test("After the deadline nothing is begun") func late() async throws {
        let volume = try ScratchVolume()
        let file = try Copies.file(Data("%PDF".utf8))
        defer { Copies.remove([file]) }
        let outcome = await send(Copies.one([file]), through: try sender(volume.path), within: .zero)
        #expect(outcome == .deferred(words: "Stopped before it was written", after: nil))
        #expect(volume.names.isEmpty)
    }

    @Test("A file that changed on the courier's disk isn't delivered") func changed() async throws {
        let volume = try ScratchVolume()
        var file = try Copies.file(Data("%PDF".utf8))
        defer { Copies.remove([file]) }
        for (size, content) in [(4, "%PDX"), (4, "%PD"), (4, "")] {
            file.size = size
            try Data(content.utf8).write(to: URL(fileURLWithPath: file.path))
            let outcome = await send(Copies.one([file]), through: try sender(volume.path))
            #expect(outcome == .deferred(words: "The courier's own file \(file.path) has changed", after: nil))
        }
        #expect(volume.names == ["finance", Self.place])
    }

    // MARK: Volumes

    @Test("A full volume is tried again, and leaves nothing half", .enabled(if: ScratchVolume.canMount))
    func fullDisk() async throws {
        let volume = try ScratchVolume(mounting: "size=64k")
        let file = try Copies.file(Copies.bytes(100_000))
        defer { Copies.remove([file]) }
        let sender = try sender(volume.path)
        let full = SendOutcome.deferred(
            words: "\(volume.path) is full; free some space there, or enlarge the volume", after: nil)
        #expect(await send(Copies.one([file]), through: sender) == full)
        #expect(volume.names == ["finance", Self.place])
        #expect(
            await sender.trial(by: .now + .seconds(30))
                == .works(words: "\(volume.path) can be written to, with 64.0 KiB free"))
        try Data(count: 64 << 10).write(to: URL(fileURLWithPath: "\(volume.path)/ballast"))
        #expect(
            await sender.trial(by: .now + .seconds(30))
                == .unreachable(words: "\(volume.path) is full; free some space there, or enlarge the volume"))
        #expect(volume.remount("size=1m"))
        guard case .sent = await send(Copies.one([file]), through: sender) else {
            Issue.record("not sent though there is room")
            return
        }
        #expect(volume.content("\(Self.place)/\(file.name)") == Copies.bytes(100_000))
    }

    @Test("A read-only volume has to be mended", .enabled(if: ScratchVolume.canMount))
    func readOnly() async throws {
        let volume = try ScratchVolume(mounting: "size=1m")
        let file = try Copies.file(Data("%PDF".utf8))
        defer { Copies.remove([file]) }
        let sender = try sender(volume.path)
        _ = await send(Copies.one([file], phase: .failed), through: sender)
        #expect(volume.remount("ro"))
        let words = "\(volume.path) is mounted read-only; mount it for writing in the courier"
        #expect(await sender.trial(by: .now + .seconds(30)) == .misconfigured(words: words))
        // In a folder that is there, and in one that isn't.
        let other = try Copies.file(Data("%PDX".utf8))
        defer { Copies.remove([other]) }
        #expect(await send(Copies.one([other]), through: sender) == .misconfigured(words: words))
        let elsewhere = try self.sender(volume.path, path: "elsewhere/{report}")
        #expect(await send(Copies.one([other]), through: elsewhere) == .misconfigured(words: words))
    }

    @Test("A volume that isn't there has to be mounted") func missingVolume() async throws {
        let volume = try ScratchVolume()
        try Data().write(to: URL(fileURLWithPath: "\(volume.path)/file"))
        for (path, words) in [
            ("nowhere", "is not there; mount the volume in the courier's Deployment, or mend spec.folder.volume"),
            ("file", "is not a folder; mend spec.folder.volume"),
        ] {
            let sender = try sender("\(volume.path)/\(path)")
            let expected = "\(volume.path)/\(path) \(words)"
            #expect(await send(Copies.one(phase: .failed), through: sender) == .misconfigured(words: expected))
            #expect(await sender.trial(by: .now + .seconds(30)) == .misconfigured(words: expected))
        }
    }

    @Test("A trial leaves nothing") func trial() async throws {
        let volume = try ScratchVolume()
        guard case .works(let words) = await (try sender(volume.path)).trial(by: .now + .seconds(30)) else {
            Issue.record("doesn't work")
            return
        }
        #expect(words.hasPrefix("\(volume.path) can be written to, with ") && words.hasSuffix("iB free"))
        #expect(volume.names.isEmpty)
    }

    @Test func channelsWithoutAReadablePathCantBeSetUp() {
        #expect(throws: ChannelFault.self) { try sender("/reports", path: "{report") }
        #expect(throws: ChannelFault.self) { try FolderSender(ReportChannelSpec(type: .folder)) }
    }
}
