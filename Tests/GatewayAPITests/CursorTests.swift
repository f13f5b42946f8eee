import GatewayAPI
import KubernetesModel
import Testing

@Suite struct CursorTests {
    @Test(arguments: [0, 1_793_430_000_123, 253_402_300_799_999])
    func aCursorComesBack(milliseconds: Int64) throws {
        let cursor = TimeCursor(milliseconds: milliseconds, id: "u-1/ü")
        #expect(TimeCursor(text: cursor.text) == cursor)
        #expect(
            cursor.text.utf8.allSatisfy {
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains($0)
            })
        #expect(cursor.text.utf8.count <= 500)
    }

    /// Anybody can write one: what isn't a moment would crash code that calculates with it.
    @Test(arguments: [-5, 253_402_300_800_000, Int64.max, Int64.min])
    func aMomentThatThereIsNotIsRefused(milliseconds: Int64) {
        #expect(TimeCursor(text: TimeCursor(milliseconds: milliseconds, id: "u-1").text) == nil)
    }

    @Test func theLongestOneFitsTheContract() {
        let name = String(repeating: "a", count: 253)
        let cursor = NameCursor(ObjectKey(namespace: String(repeating: "b", count: 63), name: name))
        #expect(cursor.text.utf8.count <= 500)
        #expect(NameCursor(text: cursor.text) == cursor)
        let row = RowCursor(
            place: "\(String(repeating: "c", count: 63))/100/\(String(repeating: "d", count: 36))", row: 1 << 40,
            bucket: 1 << 40, offset: 1 << 40)
        #expect(row.text.utf8.count <= 500)
        #expect(RowCursor(text: row.text) == row)
    }

    @Test(arguments: [(-1, 0, 0), (0, -1, 0), (0, 0, -1), (0, 0, Int.min)])
    func aPlaceBeforeTheFirstRowIsRefused(row: Int, bucket: Int, offset: Int) {
        #expect(RowCursor(text: RowCursor(place: "a", row: row, bucket: bucket, offset: offset).text) == nil)
    }

    @Test func whatIsChangedIsRefused() {
        let text = TimeCursor(milliseconds: 1_793_430_000_123, id: "u-1").text
        for index in text.indices {
            for other in "AaZz09-_" where other != text[index] {
                var changed = text
                changed.replaceSubrange(index...index, with: String(other))
                #expect(TimeCursor(text: changed) == nil)
            }
            #expect(TimeCursor(text: String(text[..<index])) == nil)
        }
        for other in ["", "=", text + "A", text + "==", "ü", String(repeating: "A", count: 5000)] {
            #expect(TimeCursor(text: other) == nil)
        }
    }

    @Test func aCursorOfAnotherListIsRefused() {
        #expect(NameCursor(text: RowCursor(place: "a", row: 1, bucket: 0, offset: 1).text) == nil)
        #expect(RowCursor(text: NameCursor(ObjectKey(namespace: "a", name: "1")).text) == nil)
    }

    @Test func bytesComeBack() {
        for length in 0..<20 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 37 + 250) }
            #expect(Base64URL.bytes(of: Base64URL.text(of: bytes)) == bytes)
        }
        #expect(Base64URL.text(of: "fo".utf8) == "Zm8")
        // Bits that stand for nothing have to be 0.
        #expect(Base64URL.bytes(of: "Zm9") == nil)
    }
}
