import KubernetesModel
import Testing

struct ResourceVersionTests {
    static let older: [(String, String)] = [
        ("1", "2"), ("9", "10"), ("99", "100"), ("", "1"), ("abc", "1"), ("0", "1"), ("01", "1"),
        ("18446744073709551615", "18446744073709551616"),
    ]

    @Test(arguments: older) func versionIsOlder(left: String, right: String) {
        #expect(ResourceVersion.isOlder(left, than: right))
        #expect(!ResourceVersion.isOlder(right, than: left))
    }

    static let neither: [(String, String)] = [("1", "1"), ("", ""), ("abc", "abd"), ("", "0"), ("١", "٢"), ("-1", "")]

    @Test(arguments: neither) func neitherIsOlder(left: String, right: String) {
        #expect(!ResourceVersion.isOlder(left, than: right))
        #expect(!ResourceVersion.isOlder(right, than: left))
    }
}
