import Foundation
import KubernetesModel
import ReportAPI
import ReportRecords
import ReportStores
import TestSupport
import Testing

@testable import ReportCTL

struct ResultTextTests {
    private static let result = ReportResult(
        uid: "u", attempt: 1, buckets: 2, rows: 3,
        columns: [.init(name: "account", type: "string"), .init(name: "closing", type: "decimal")],
        publishedAt: Date(timeIntervalSince1970: 0))

    private static let parts: [[[ResultValue]]] = [
        [
            [.string("Assets:Cash"), .decimal(ExactDecimal(significand: 1050, exponent: -2))],
            [.string("Equity, \"old\""), .null],
        ],
        [[.string("Income"), .decimal(ExactDecimal(isNegative: true, significand: 123_400, exponent: -2))]],
    ]

    private func text(_ format: ResultCommand.Format, _ parts: [[[ResultValue]]] = parts) -> String {
        var printer = ResultPrinter(columns: Self.result.columns, format: format, terminal: Terminal())
        return parts.enumerated().map { printer.text($1, isLast: $0 == parts.count - 1) }.joined()
    }

    @Test func partsMakeOneCSV() {
        #expect(
            text(.csv) == "account,closing\nAssets:Cash,10.50\n\"Equity, \"\"old\"\"\",\nIncome,-1234.00\n")
        #expect(text(.csv, [[]]) == "account,closing\n")
    }

    @Test(arguments: [[[], []], parts, [parts[0], []], [[], parts[0]], [parts[0], [], parts[1]]])
    func partsMakeOneJSONWhicheverAreEmpty(parts: [[[ResultValue]]]) throws {
        let rows = try JSONDecoder().decode([JSONObject].self, from: Data(text(.json, parts).utf8))
        #expect(rows.count == parts.joined().count)
        #expect(rows.first?["closing"] ?? .string("10.50") == .string("10.50"))
    }

    @Test func numbersStandAtTheRight() {
        #expect(
            text(.table) == """
                ACCOUNT         CLOSING
                Assets:Cash       10.50
                Equity, "old"
                Income          -1234.00

                """)
    }

    @Test(
        arguments: [
            ("12h", -43_200), ("7d", -604_800), ("90s", -90), ("2026-10-31T12:00:00Z", nil), ("2w", -1_209_600),
        ] as [(String, Int64?)])
    func timesAreGivenAsPeopleSayThem(text: String, offset: Int64?) {
        let expected = offset.map { Timestamp.start.after($0) } ?? Timestamp("2026-10-31T12:00:00Z")
        #expect(TimeArgument.moment(text, now: .start, moments: .utc) == expected)
    }

    @Test(
        arguments: [
            ("90d", "2028-11-30T10:00:00Z"), ("2w", "2029-02-14T10:00:00Z"), ("1mo", "2029-01-28T10:00:00Z"),
            ("12mo", "2028-02-28T10:00:00Z"), ("24mo", "2027-02-28T10:00:00Z"), ("3y", "2026-02-28T10:00:00Z"),
        ])
    func anAgeIsCountedByTheCalendar(text: String, expected: String) throws {
        let now = try #require(Timestamp("2029-02-28T10:00:00Z"))
        #expect(TimeArgument.ago(text, now: now) == Timestamp(expected))
    }

    @Test func aMonthBeforeALongerOneEndsWithItsLastDay() throws {
        let now = try #require(Timestamp("2028-03-31T00:00:00Z"))
        #expect(TimeArgument.ago("1mo", now: now) == Timestamp("2028-02-29T00:00:00Z"))
        #expect(TimeArgument.ago("13mo", now: now) == Timestamp("2027-02-28T00:00:00Z"))
    }

    @Test func aDayBeginsAtItsOwnMidnight() {
        let moments = Moments { _ in -4 * 3600 }
        #expect(TimeArgument.moment("2026-10-31", now: .start, moments: moments) == Timestamp("2026-10-31T04:00:00Z"))
        for wrong in ["yesterday", "7", "d", "-3d", "2026-13-01", ""] {
            #expect(TimeArgument.moment(wrong, now: .start, moments: moments) == nil, "\(wrong)")
        }
    }
}

struct HistoryTests {
    @Test func aRecordShowsWhatTheRequestShowed() throws {
        let request = try #require(RequestLife.states().last)
        let record = ReportRecord(request.with { $0.metadata.deletionTimestamp = .start.after(100) })
        let told = ReportRequest(record)
        #expect(told.status?.phase == .succeeded)
        #expect(told.status?.stages?.map(\.phase) == request.status?.stages?.map(\.phase))
        #expect(told.status?.duration == "9s")
        let table = HistoryView.table([record], moments: .utc, isWide: true, showsNamespace: true).lines()
        let row = table[1].rendered(color: false)
        #expect(row.contains("finance") && row.contains("Succeeded   9s") && row.contains("2027-01-15 08:01:40"))
        #expect(row.hasSuffix(request.metadata.uid))
        #expect(!table[0].rendered(color: false).contains("CLUSTER"))
    }

    /// Names alone don't tell reports of two clusters apart that share a MongoDB.
    @Test func clustersAreToldApartWhereThereAreSeveral() throws {
        let request = try #require(RequestLife.states().last)
        func lines(_ origins: [RecordOrigin], isWide: Bool) -> [String] {
            HistoryView.table(
                origins.map { ReportRecord(request, origin: $0) }, moments: .utc, isWide: isWide, showsNamespace: false
            ).lines().map { $0.rendered(color: false) }
        }
        let (named, unnamed) = (RecordOrigin(cluster: "5f7c", clusterName: "plant-2"), RecordOrigin(cluster: "0b8f"))
        let both = lines([named, unnamed, .unknown], isWide: false)
        #expect(both[0].contains("CLUSTER") && both[1].contains("plant-2") && both[2].contains("0b8f"))
        #expect(!lines([named, named, .unknown], isWide: false)[0].contains("CLUSTER"))
        #expect(lines([named], isWide: true)[1].contains("plant-2"))
        #expect(!lines([unnamed], isWide: true)[0].contains("CLUSTER"))
    }
}
