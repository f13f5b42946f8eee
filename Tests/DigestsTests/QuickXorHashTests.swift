import Digests
import FoundationEssentials
import Testing

struct QuickXorHashTests {
    /// Source: the vectors that rclone's tests hold against OneDrive.
    @Test(arguments: [
        ("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="), ("Sg==", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="),
        ("tbQ=", "taAFAAAAAAAAAAAAAgAAAAAAAAA="), ("n6Neh7p6fFgm", "nxiFFw6hCz3wAQsmCQAAAAAAAAA="),
        ("2fuxhBJXtpWFe8dOfdGeHw==", "O9tHLAghgSvYohKFyMMxnNCHaHg="),
        (
            "ikwCorI7PKWz17EI50jZCGbV9JU2E8bXVfxNMg5zdmqSZ2NlsQPp0kqYIPjzwTg1MBtfWPg53k0h"
                + "0P2naJNEVgrqpoHTfV2b3pJ4m0zYPTJmUX4Bg/lOxcnCxAYKU29Y5F0U8Quz7ZXFBEweftXxJ7RS"
                + "4r6N7BzJrPsLhY7hgck=", "imAoFvCWlDn4yVw3/oq1PDbbm6U="
        ),
    ])
    func isAsPublished(bytes: String, hash: String) throws {
        let bytes = try #require(Data(base64Encoded: bytes))
        var pieces = QuickXorHash()
        for byte in bytes { pieces.update(CollectionOfOne(byte)) }
        #expect(Data(pieces.finish()).base64EncodedString() == hash)
        var whole = QuickXorHash()
        whole.update(bytes)
        #expect(Data(whole.finish()).base64EncodedString() == hash)
    }
}
