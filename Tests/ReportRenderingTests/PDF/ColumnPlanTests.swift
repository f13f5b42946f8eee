import Testing

@testable import ReportRendering

struct ColumnPlanTests {
    private func wishes(_ count: Int, natural: Double, pleasant: Double, least: Double) -> [ColumnPlan.Wish] {
        Array(repeating: ColumnPlan.Wish(natural: natural, pleasant: pleasant, least: least), count: count)
    }

    private func total(_ plan: ColumnPlan, _ panel: [Int]) -> Double {
        panel.reduce(-plan.gap) { $0 + plan.widths[$1] + plan.gap }
    }

    @Test func whatFitsStandsAsItIsWithSomeMoreSpaceBetween() {
        let plan = ColumnPlan(wishes(4, natural: 100, pleasant: 80, least: 50), room: 500)
        #expect(plan.widths == [100, 100, 100, 100])
        #expect(abs(total(plan, [0, 1, 2, 3]) - 500) < 0.01 && plan.isPleasant && plan.panels == [[0, 1, 2, 3]])
        #expect(ColumnPlan(wishes(2, natural: 50, pleasant: 50, least: 50), room: 500).gap == 30)
    }

    @Test func wideTextsGiveWayFirst() {
        let wide = ColumnPlan.Wish(natural: 400, pleasant: 200, least: 50)
        let plan = ColumnPlan([wide] + wishes(3, natural: 60, pleasant: 60, least: 60), room: 500)
        #expect(plan.widths.dropFirst().allSatisfy { $0 == 60 })
        #expect(abs(total(plan, [0, 1, 2, 3]) - 500) < 0.01 && plan.isPleasant && plan.scale == 1)
    }

    @Test func lettersShrinkBeforeTheTableGoesOnSideways() {
        let plan = ColumnPlan(wishes(8, natural: 80, pleasant: 70, least: 60), room: 500)
        #expect(plan.scale < 1 && plan.scale >= 0.82 && plan.panels.count == 1 && !plan.isPleasant)
        #expect(total(plan, Array(0..<8)) < 500.01)
    }

    @Test(arguments: [20, 200, 2000])
    func manyColumnsGoOnBesideTheFirst(count: Int) {
        let plan = ColumnPlan(wishes(count, natural: 80, pleasant: 70, least: 60), room: 500)
        #expect(plan.panels.count > 1)
        for panel in plan.panels {
            #expect(panel.first == 0 && panel.count > 1)
            #expect(total(plan, panel) < 500.02)
        }
        #expect(plan.panels.flatMap { $0.dropFirst() } == Array(1..<count))
    }

    @Test func aColumnWiderThanThePageIsAsWideAsIt() {
        let plan = ColumnPlan(wishes(3, natural: 900, pleasant: 900, least: 900), room: 500)
        for panel in plan.panels { #expect(total(plan, panel) < 500.02) }
    }
}
