import ClusterSupport
import Foundation
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// Several couriers at the same deliveries, and servers that go away in the middle: each copy goes out once.
@Suite(.timeLimit(.minutes(10))) struct DeliveryContestTests {
    private static let count = 12

    /// Makes that number of deliveries, each of a report of its own, as a CSV file; returns the reports by delivery.
    private static func deliverMany(_ bed: DeliveryBed, _ prefix: String = "one", count: Int = count) async throws
        -> [String: String]
    {
        var reports: [String: String] = [:]
        for number in 1...count { reports["\(prefix)-\(number)"] = try await bed.record() }
        try await bed.deliver(
            reports.sorted { $0.key < $1.key }.map { name, report in
                (name, "{reportID: \(report), channel: files, formats: [csv]}")
            })
        return reports
    }

    /// Each was sent once, by one try where `tries` says so, and resource, ledger and folder tell the same.
    private static func expectEachOnce(_ bed: DeliveryBed, _ reports: [String: String], tries: Int? = nil) async throws
    {
        for (name, report) in reports {
            let done = try await bed.waitForEnd(of: name)
            #expect(done.status?.phase == .delivered, "\(name): \(done.status?.message ?? "")")
            #expect(done.status?.recipients?.map(\.phase) == [.sent])
            let copies = try await bed.copies(ofReport: report)
            #expect(copies.map(\.phase) == [.sent], "\(copies)")
            #expect(copies.allSatisfy { $0.holder == nil && $0.deadline == nil })
            if let tries { #expect(copies.map(\.tries) == [tries]) }
        }
        let files = try bed.files()
        #expect(files.count == reports.count, "\(files)")
        #expect(
            Set(files.compactMap { $0.split(separator: "/").dropFirst().first.map(String.init) }) == Set(reports.values)
        )
    }

    @Test func ofTwoThatBothActEachCopyIsClaimedByOne() async throws {
        try await DeliveryBed.run("both-act") { bed in
            try await bed.createFolder()
            let couriers = try (1...2).map { _ in try bed.courier("--leader-election", "off") }
            defer { for courier in couriers { courier.end() } }
            let reports = try await Self.deliverMany(bed)
            try await Self.expectEachOnce(bed, reports, tries: 1)
            for courier in couriers {
                #expect(courier.isRunning)
                try await eventually("nothing is kept: \(courier.keptFiles)") { courier.keptFiles.isEmpty }
            }
        }
    }

    @Test func whenTheLeaderDiesTheOtherGoesOn() async throws {
        try await DeliveryBed.run("leader-dies") { bed in
            try await bed.createFolder()
            let couriers = try (1...2).map { _ in try bed.courier("--leader-election", "on", "--send-timeout", "5") }
            defer { for courier in couriers { courier.end() } }
            try await eventually("one leads", every: .milliseconds(50)) {
                couriers.contains { $0.log.contains("Leading:") }
            }
            let leader = try #require(couriers.first { $0.log.contains("Leading:") })
            let reports = try await Self.deliverMany(bed)
            try await eventually("something was sent", every: .milliseconds(5)) { try !bed.files().isEmpty }
            leader.crash()
            try await Self.expectEachOnce(bed, reports)
            let other = try #require(couriers.first { $0.pid != leader.pid })
            // The first may have sent all before it died.
            try await eventually("the other leads") { other.log.contains("Leading:") }
        }
    }

    @Test func mongoDBGoesAwayInTheMiddleAndComesBack() async throws {
        try await DeliveryBed.run("mongo-away") { bed in
            try await bed.createFolder()
            let courier = try bed.courier()
            defer { courier.end() }
            var reports = try await Self.deliverMany(bed, "first", count: 6)
            let late = try await bed.record()
            try await eventually("something was sent", every: .milliseconds(5)) { try !bed.files().isEmpty }
            try await bed.outside.services.kill(.mongodb)
            try await bed.deliver("late", "{reportID: \(late), channel: files, formats: [csv]}")
            try await bed.wait(for: "late", "says that MongoDB is away", within: .seconds(120)) {
                $0.status?.phase == .pending && $0.status?.message?.isEmpty == false
            }
            try await bed.outside.services.start(.mongodb)
            reports["late"] = late
            try await Self.expectEachOnce(bed, reports)
            for report in reports.values {
                let copies = try await bed.copies(ofReport: report)
                #expect(copies.allSatisfy { $0.uncertain == nil }, "\(copies)")
            }
            #expect(courier.isRunning)
            try await eventually("nothing is kept: \(courier.keptFiles)") { courier.keptFiles.isEmpty }
        }
    }

    @Test func theAPIServerGoesAwayInTheMiddleAndComesBack() async throws {
        try await OwnCluster.run("courier") { own in
            try await own.applyDefinitions()
            try await DeliveryBed.run("api-away", in: own.live) { bed in
                try await bed.createFolder()
                let courier = try bed.courier()
                defer { courier.end() }
                let reports = try await Self.deliverMany(bed, count: 6)
                try await eventually("something was sent", every: .milliseconds(5)) { try !bed.files().isEmpty }
                try await own.killServer()
                // What was begun ends without it.
                try await courier.waitForLine("Can't", "advice=")
                try await own.startServer()
                try await Self.expectEachOnce(bed, reports)
                #expect(courier.isRunning)
            }
        }
    }

    @Test func aGracefulEndInTheMiddleLeavesNothingUncertain() async throws {
        try await DeliveryBed.run("ended") { bed in
            try await bed.createFolder()
            let first = try bed.courier()
            defer { first.end() }
            let reports = try await Self.deliverMany(bed)
            try await eventually("something was sent", every: .milliseconds(5)) { try !bed.files().isEmpty }
            first.end()
            for report in reports.values {
                let copies = try await bed.copies(ofReport: report)
                #expect(copies.allSatisfy { $0.phase == .sent || $0.phase == .pending }, "\(copies)")
            }
            let next = try bed.courier()
            defer { next.end() }
            try await Self.expectEachOnce(bed, reports)
        }
    }
}
