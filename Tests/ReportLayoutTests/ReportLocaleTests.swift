import Testing

@testable import ReportLayout

struct ReportLocaleTests {
    @Test func thereAreEight() {
        #expect(
            ReportLocale.all.map(\.name) == [
                "en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "pt-BR", "ja-JP", "zh-CN",
            ])
        #expect(ReportLocale.named("de-DE")?.months[2] == "März" && ReportLocale.named("de-AT") == nil)
        #expect(ReportLocale.named("en-US") == .american)
    }

    @Test(arguments: ReportLocale.all) func eachIsWhole(locale: ReportLocale) throws {
        #expect(Set(locale.months).count == 12 && Set(locale.shortMonths).count == 12)
        #expect(Set(locale.weekdays).count == 7 && Set(locale.shortWeekdays).count == 7)
        #expect(locale.decimalPoint != locale.groupSeparator)
        #expect(throws: Never.self) { try FormatCode(locale.dayCode) }
        #expect(throws: Never.self) { try FormatCode(locale.monthCode) }
        #expect(locale.words.page(2, of: 30).contains("2") && locale.words.page(2, of: 30).contains("30"))
        #expect(locale.words.asOf("X").contains("X"))
    }
}
