import DeliveryChannels
import Testing

struct SharePointNameTests {
    /// Source: Microsoft, "Restrictions and limitations in OneDrive and SharePoint".
    @Test(arguments: [
        ("trial-balance.pdf", "trial-balance.pdf"), ("~$open.xlsx", "_$open.xlsx"), ("~temp", "_temp"),
        ("a_vti_b", "a-vti_b"), ("_VTI_cnf_vti_", "-VTI_cnf-vti_"), ("Desktop.ini", "_Desktop.ini"),
        ("COM0.pdf", "_COM0.pdf"), ("lpt0", "_lpt0"), (".lock", "_.lock"), ("lock", "lock"), ("COM10", "COM10"),
        ("Ä%#'& é.pdf", "Ä%#'& é.pdf"), ("_vti_vti_", "-vti-vti_"),
    ])
    func reservedNamesGetAnother(name: String, taken: String) {
        #expect(SharePointName.one(name) == taken)
    }

    @Test func theLibrarysOwnFolderIsLeftAlone() {
        #expect(SharePointName.folders(["Forms", "forms"]) == ["_Forms", "forms"])
    }

    @Test(arguments: [
        ("a b", "a%20b"), ("100%", "100%25"), ("#1", "%231"), ("d'Arc", "d%27Arc"), ("Größe", "Gr%C3%B6%C3%9Fe"),
        ("a/b?c=d&e+f", "a%2Fb%3Fc%3Dd%26e%2Bf"), ("aZ09-._~", "aZ09-._~"), ("😀", "%F0%9F%98%80"),
    ])
    func everythingElseIsPercentEncoded(text: String, encoded: String) {
        #expect(PercentEncoding.component(text) == encoded)
        #expect(PercentEncoding.path([text, text]) == "\(encoded)/\(encoded)")
    }
}
