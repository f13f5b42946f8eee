import ClusterSupport
import KubernetesModel
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// A namespace that was deleted and recreated sends nothing of the one before it, whoever asks for it.
@Suite(.timeLimit(.minutes(10))) struct NamespaceAnewTests {
    @Test func reportsOfTheNamespaceBeforeAreNotSent() async throws {
        try await DeliveryBed.run("anew") { bed in
            let courier = try bed.courier()
            defer { courier.end() }
            try await bed.createFolder()
            let before = try await bed.record()
            try await bed.deliver("sent", "{reportID: \(before), channel: files, formats: [csv]}")
            let sent = try await bed.waitForEnd(of: "sent")
            #expect(sent.status?.phase == .delivered, "\(sent.status?.message ?? "") \(courier.log.suffix(2000))")
            let uid = try await bed.cluster.uid(ofNamespace: bed.namespace)
            let copies = try await bed.copies(ofReport: before)
            #expect(copies.map(\.namespaceUID) == [uid])

            try await bed.cluster.remake(namespace: bed.namespace)
            // Once more, and as if it were the operator's own.
            try await bed.deliver("again", "{reportID: \(before), channel: files, formats: [csv]}")
            let own = try await bed.record()
            try await bed.deliver("own", "{reportID: \(own), channel: files, formats: [csv]}")
            #expect(try await bed.waitForEnd(of: "own").status?.phase == .delivered)
            let refused = try await bed.wait(for: "again", "it isn't found") {
                $0.status?.message?.hasPrefix("there is no report \"\(before)\" in the namespace") == true
            }
            #expect(refused.status?.pinned == nil && refused.metadata.finalizers.isEmpty)
            #expect(try await bed.copies(ofReport: before).map(\.tries) == [1])
            #expect(try bed.files().count == 2)
        }
    }
}
