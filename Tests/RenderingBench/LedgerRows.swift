import ReportLayout
import ReportRecords

/// Rows of a ledger that are made as they are asked for: eight columns, four of text, a day and three amounts.
///
/// hack/lib/bench/peers.py makes the same.
struct LedgerRows: RowSource {
    let count: Int

    func forEachRow(_ body: ([ResultValue]) throws -> Void) throws {
        for row in 0..<count {
            try body([
                .string("\(100_000 + row % 900_000)"), .string(Self.names[row % Self.names.count]),
                .string(Self.partners[row * 7 % Self.partners.count]), .string(Self.currencies[row % 3]),
                .date(milliseconds: Int64(20_454 + row % 365) * 86_400_000),
                amount(row * 7919 % 9_999_991), amount(row * 104_729 % 12_997_093),
                amount(row * 7919 % 9_999_991 - row * 104_729 % 12_997_093),
            ])
        }
    }

    private func amount(_ cents: Int) -> ResultValue {
        .decimal(ExactDecimal(isNegative: cents < 0, significand: UInt128(cents.magnitude), exponent: -2))
    }

    static let currencies = ["EUR", "USD", "JPY"]
    static let names = [
        "Cash and cash equivalents", "Trade receivables", "Inventories of raw materials", "Prepaid expenses",
        "Property, plant and equipment", "Office efficiency", "Accrued interest", "Deferred income",
    ]
    /// 1,000 names, so that most come again.
    static let partners = (0..<1000).map { "Customer \($0) Limited" }
}
