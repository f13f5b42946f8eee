import NetworkAddresses
import Testing

struct PercentEncodingTests {
    @Test(arguments: [
        ("a b", "a%20b"), ("100%", "100%25"), ("#1", "%231"), ("d'Arc", "d%27Arc"), ("Größe", "Gr%C3%B6%C3%9Fe"),
        ("a/b?c=d&e+f", "a%2Fb%3Fc%3Dd%26e%2Bf"), ("aZ09-._~", "aZ09-._~"), ("😀", "%F0%9F%98%80"), ("", ""),
    ])
    func allButPlainLettersIsEncoded(text: String, encoded: String) {
        #expect(PercentEncoding.component(text) == encoded)
        #expect(PercentEncoding.path([text, text]) == "\(encoded)/\(encoded)")
        for plusIsSpace in [true, false] {
            #expect(PercentEncoding.decoded(encoded, plusIsSpace: plusIsSpace) == text)
            #expect(PercentEncoding.decoded(encoded.lowercased(), plusIsSpace: plusIsSpace) != nil)
        }
    }

    @Test func aPlusIsASpaceInQueriesAlone() {
        #expect(PercentEncoding.decoded("a+b%2B", plusIsSpace: true) == "a b+")
        #expect(PercentEncoding.decoded("a+b%2B", plusIsSpace: false) == "a+b+")
    }

    @Test(arguments: ["%", "%4", "%zz", "%C3", "%C3%28", "a%4", "%+1", "%-1"])
    func whatIsNoTextIsNothing(text: String) {
        #expect(PercentEncoding.decoded(text, plusIsSpace: true) == nil)
    }
}
