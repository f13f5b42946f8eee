/// A short, stable hash for names: FNV-1a (64 bits), written in the letters that Kubernetes' own name hashes use.
///
/// The alphabet has no vowels and no look-alikes, so that no hash reads as a word.
/// Source: `SafeEncodeString` in k8s.io/apimachinery/pkg/util/rand.
public enum Fingerprint {
    /// Ten letters: 47 bits.
    public static let length = 10
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")

    /// The fingerprint of `parts` in their order; no two different lists of parts run together.
    public static func of(_ parts: String...) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ byte: UInt8) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        for part in parts {
            part.utf8.forEach(take)
            // 0xff never occurs in UTF-8, so it separates them.
            take(0xff)
        }
        var text = ""
        for _ in 0..<length {
            text.append(alphabet[Int(hash % UInt64(alphabet.count))])
            hash /= UInt64(alphabet.count)
        }
        return text
    }
}
