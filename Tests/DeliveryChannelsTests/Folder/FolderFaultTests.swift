import Glibc
import Testing

@testable import DeliveryChannels

@Suite("Why a volume doesn't take a file") struct FolderFaultTests {
    @Test(arguments: [
        (ENOSPC, FolderFault.Kind.passing, "is full"), (EDQUOT, .passing, "quota"),
        (EIO, .passing, "Input/output error"),
        (ESTALE, .passing, "Stale file handle"), (EHOSTDOWN, .passing, "Host is down"),
        (EROFS, .configuration, "read-only"), (EACCES, .configuration, "fsGroup"), (EPERM, .configuration, "fsGroup"),
        (ENOTDIR, .forGood, "links aren't followed"), (ELOOP, .forGood, "links aren't followed"),
        (EISDIR, .forGood, "is a folder"), (ENAMETOOLONG, .forGood, "doesn't take this name"),
        (EILSEQ, .forGood, "doesn't take this name"), (EFBIG, .forGood, "larger than the file system takes"),
    ])
    func errors(code: CInt, kind: FolderFault.Kind, words: String) {
        let fault = FolderFault(code, at: "/reports/a/b.pdf", volume: "/reports")
        #expect(fault.kind == kind)
        #expect(fault.words.contains(words) && fault.words.hasPrefix("/reports"))
    }

    @Test(arguments: [
        (
            "23 1 0:60 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/a\n24 23 0:5 / /proc rw - proc proc rw\n",
            true
        ),
        ("23 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n25 23 0:60 / /reports rw - overlay overlay rw\n", false),
        ("", false), ("- - - - / -", false),
    ])
    func aContainersRootIsKnownByItsOverlay(mounts: String, isContainer: Bool) {
        #expect(Volume.isContainer(mounts: mounts) == isContainer)
    }
}
