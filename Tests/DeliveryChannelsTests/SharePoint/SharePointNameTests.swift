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
}
