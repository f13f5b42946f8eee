import Foundation
import KubernetesModel
import Testing

struct LeaseTests {
    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00.000000Z"), (1_795_261_718.5, "2026-11-21T11:48:38.500000Z"),
        (1_795_261_718.000_25, "2026-11-21T11:48:38.000250Z"),
    ])
    func timesHaveSixDigitsOfASecond(seconds: Double, text: String) {
        #expect(Lease.microTime(Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test func emptyHolderIsNobody() throws {
        let json = #"{"metadata": {"name": "a"}, "spec": {"holderIdentity": "", "leaseTransitions": 3}}"#
        let lease = try JSONDecoder().decode(Lease.self, from: Data(json.utf8))
        #expect(lease.holder == nil)
        #expect(lease.spec?.leaseTransitions == 3)
    }
}
