import Foundation
import Glibc

/// The bytes that are being read, in a file that a crash of this process leaves behind: eight bytes with their count, then they.
struct LastInput: ~Copyable {
    private let path: String
    private let memory: UnsafeMutableRawPointer
    private static let size = 8 + Mutator.limit

    init(path: String) throws {
        self.path = path
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.size)) == 0,
            let memory = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
        close(descriptor)
        self.memory = memory
    }

    func note(_ bytes: [UInt8]) {
        memory.storeBytes(of: UInt64(bytes.count).littleEndian, as: UInt64.self)
        bytes.withUnsafeBytes {
            (memory + 8).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count)
        }
    }

    /// Nothing crashed.
    func remove() { unlink(path) }

    deinit { munmap(memory, Self.size) }
}
