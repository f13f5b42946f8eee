import KubernetesModel
import Testing

struct StoredSizeTests {
    /// As Go's `json.Marshal` writes them.
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 2), ("a/b", 3), ("<", 6), ("a<b>&", 20), ("\u{2028}", 6), ("\u{2029}x\u{2028}", 13),
        ("\u{2027}\u{202A}", 6), ("\"\\\n", 6), ("\u{1}", 6), ("\u{A8}", 2),
    ])
    func aTextIsMeasuredAsItIsStored(text: String, bytes: Int) {
        #expect(StoredSize.of(text) == bytes)
        #expect(StoredSize.of(json: JSONValue.string(text).jsonText) == bytes + 2)
    }

    @Test func anObjectOfTextsIsMeasuredAsItIsStored() {
        let objects: [[String: String]] = [[:], ["a": "b"], ["a": "<", "b": "\"", "c": "\n\u{2028}"]]
        for members in objects {
            let value = JSONValue.object(JSONObject(texts: members))
            #expect(StoredSize.of(members) == StoredSize.of(json: value.jsonText))
        }
    }
}
