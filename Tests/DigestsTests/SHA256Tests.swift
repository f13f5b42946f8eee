import Digests
import Testing

struct SHA256Tests {
    /// Source: NIST, FIPS 180-4, examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func isAsPublished(text: String, digest: String) {
        #expect(SHA256.of(text.utf8) == digest)
        var pieces = SHA256()
        for byte in text.utf8 { pieces.update(CollectionOfOne(byte)) }
        #expect(pieces.finish() == digest)
    }
}
