import FoundationEssentials
import Synchronization

/// The files of deliveries on the courier's disk: each is there once, however many use it, and goes with the last use.
///
/// Together they take no more room than the limit.
final class FileShelf: Sendable {
    /// There is no room now: what others use takes it up.
    struct Full: Error, CustomStringConvertible {
        let needed: Int
        let taken: Int
        let limit: Int

        var description: String {
            "there is no room for a file of \(Room.shown(needed)): the files of deliveries that go on take "
                + "\(Room.shown(taken)) of the \(Room.shown(limit)) that the courier keeps (--work-limit); it goes on once "
                + "there is room"
        }
    }

    private struct Entry {
        let path: String
        let size: Int
        var uses = 1
        /// Ends once the file is there.
        let arrival: Task<Void, any Error>
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// In bytes.
        var taken = 0
    }

    private let state = Mutex(State())
    private let folder: String
    /// In bytes.
    private let limit: Int

    init(folder: String, limit: Int) {
        self.folder = folder
        self.limit = limit
    }

    /// Bytes of all files that are there, or on their way.
    var taken: Int { state.withLock(\.taken) }

    func hasRoom(for size: Int) -> Bool { state.withLock { $0.taken + size <= limit } }

    /// Counts one more use of a file, which `write` writes to a path where it isn't there yet; returns that path.
    ///
    /// Throws `Full`, `FileTrouble` where it can never fit, or what `write` throws: then nothing is counted.
    func take(
        _ key: String, size: Int, write: @escaping @Sendable (_ path: String) async throws -> Void
    ) async throws -> String {
        let entry = try state.withLock { state throws -> Entry in
            if var entry = state.entries[key] {
                entry.uses += 1
                state.entries[key] = entry
                return entry
            }
            guard size <= limit else {
                throw FileTrouble.permanent(
                    "the file has \(Room.shown(size)), and the courier keeps at most \(Room.shown(limit)) while files are sent: "
                        + "raise its --work-limit, and the size of the volume of its --work-folder with it")
            }
            guard state.taken + size <= limit else { throw Full(needed: size, taken: state.taken, limit: limit) }
            let path = "\(folder)/\(UUID().uuidString.lowercased())"
            let arrival = Task { [folder] in
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try await write(path)
            }
            let entry = Entry(path: path, size: size, arrival: arrival)
            state.entries[key] = entry
            state.taken += size
            return entry
        }
        do { try await entry.arrival.value } catch {
            // Others that wait for the same one get the same error.
            remove(key) { $0.path == entry.path }
            throw error
        }
        return entry.path
    }

    /// Counts one more use of each, which are in use.
    func keep(_ keys: [String]) {
        state.withLock { state in
            for key in keys { state.entries[key]?.uses += 1 }
        }
    }

    /// Counts one use less of each.
    func giveBack(_ keys: [String]) {
        for key in keys {
            remove(key) { entry in
                entry.uses -= 1
                return entry.uses == 0
            }
        }
    }

    private func remove(_ key: String, where isOver: (inout Entry) -> Bool) {
        let path = state.withLock { state -> String? in
            guard var entry = state.entries[key] else { return nil }
            let isOver = isOver(&entry)
            state.entries[key] = isOver ? nil : entry
            guard isOver else { return nil }
            state.taken -= entry.size
            return entry.path
        }
        if let path { try? FileManager.default.removeItem(atPath: path) }
    }
}

/// Numbers of bytes, for people.
enum Room {
    static func shown(_ bytes: Int) -> String {
        switch bytes {
        case ..<(10 << 10): "\(bytes) bytes"
        case ..<(10 << 20): "\((bytes + 1023) >> 10) KiB"
        default: "\((bytes + (1 << 20) - 1) >> 20) MiB"
        }
    }
}
