import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport
import Testing

/// Whose a record is, of all the namespaces that have ever had one name.
struct LiveNamespaceTests {
    private static let namespace = LiveNamespace(
        name: "finance", uid: "second", createdAt: Date(timeIntervalSince1970: 1000), cluster: "here")

    @Test(
        "in the namespace that it was made in, and nowhere else",
        arguments: [
            (RecordOrigin(cluster: "here", namespaceUID: "second"), 2000, true),
            (RecordOrigin(cluster: "here", namespaceUID: "first"), 2000, false),
            // Whatever its clocks say.
            (RecordOrigin(cluster: "here", namespaceUID: "second"), 10, true),
            (RecordOrigin(cluster: "there", namespaceUID: "third"), 2000, false),
            // A copy of a whole cluster has the same uids.
            (RecordOrigin(cluster: "there", namespaceUID: "second"), 2000, false),
            // An operator of one namespace doesn't know its cluster.
            (RecordOrigin(namespaceUID: "second"), 2000, true), (RecordOrigin(namespaceUID: "first"), 2000, false),
            // From before namespaces were told apart, or where they may not be read: by age.
            (RecordOrigin.unknown, 2000, true), (RecordOrigin.unknown, 1000, true), (RecordOrigin.unknown, 999, false),
            (RecordOrigin(cluster: "here"), 2000, true), (RecordOrigin(cluster: "here"), 999, false),
            (RecordOrigin(cluster: "there"), 2000, false),
            // What it is called says nothing: it may be called otherwise tomorrow.
            (RecordOrigin(cluster: "here", clusterName: "old", namespaceUID: "second"), 2000, true),
        ] as [(RecordOrigin, Double, Bool)])
    func rule(origin: RecordOrigin, createdAt: Double, isOwn: Bool) {
        let moment = Date(timeIntervalSince1970: createdAt)
        #expect(Self.namespace.isOrigin(origin, namespace: "finance", createdAt: moment) == isOwn)
        #expect(!Self.namespace.isOrigin(origin, namespace: "sales", createdAt: moment))
        var request = ReportRequest.fixture()
        request.metadata.creationTimestamp = Timestamp(seconds: Int64(createdAt))
        #expect(Self.namespace.isOrigin(of: ReportRecord(request, origin: origin)) == isOwn)
    }

    /// Who sees one namespace alone may not know the cluster: uids are nobody else's.
    @Test func whereTheClusterIsNotKnownTheNamespaceDecides() {
        var namespace = Self.namespace
        namespace.cluster = nil
        let moment = Date(timeIntervalSince1970: 2000)
        for (uid, isOwn) in [("second", true), ("first", false)] {
            let origin = RecordOrigin(cluster: "anywhere", namespaceUID: uid)
            #expect(namespace.isOrigin(origin, namespace: "finance", createdAt: moment) == isOwn)
        }
    }
}
