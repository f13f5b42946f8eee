import AsyncSupport
import Testing

@testable import ControllerRuntime

@Suite("Reflector: decisions")
struct ReflectorStateTests {
    typealias Happening = ReflectorState.Happening

    enum Step: Sendable {
        case happens(Happening)
        /// An event or bookmark of that version reaches the store.
        case event(String)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// What happens after the list of version 100 was installed and its watch begun.
        var steps: [Step]
        /// What is done after the last of them, in short: what, from where, and after how many milliseconds.
        var action: String

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "a watch that ends in order goes on from the last event",
            steps: [.event("107"), .happens(.watchEnded(lasted: .seconds(300)))], action: "watch 107 +0 ended"),
        Case(
            name: "a long quiet watch that ends in order goes on at once",
            steps: [.happens(.watchEnded(lasted: .seconds(60)))], action: "watch 100 +0 ended"),
        Case(
            name: "a watch that ends in order after some quiet seconds goes on after a pause",
            steps: [.happens(.watchEnded(lasted: .seconds(2)))], action: "watch 100 +800 ended"),
        Case(
            name: "a very short watch without events goes on after a pause",
            steps: [.happens(.watchEnded(lasted: .milliseconds(100)))], action: "watch 100 +800 short"),
        Case(
            name: "an event too soon before the end doesn't make a loop without a pause",
            steps: [.event("101"), .happens(.watchEnded(lasted: .milliseconds(100)))],
            action: "watch 101 +800 ended"),
        Case(
            name: "very short watches at one version lead to a list in the end",
            steps: Array(repeating: .happens(.watchEnded(lasted: .milliseconds(100))), count: 5),
            action: "list newest +800 short_watches"),
        Case(
            name: "an event between short watches starts their count anew",
            steps: Array(repeating: .happens(.watchEnded(lasted: .milliseconds(100))), count: 4)
                + [.event("101"), .happens(.watchEnded(lasted: .seconds(5)))]
                + Array(repeating: .happens(.watchEnded(lasted: .milliseconds(100))), count: 4),
            action: "watch 101 +6400 short"),
        Case(
            name: "410 for the watch request, after events, leads to a list at once",
            steps: [.event("107"), .happens(.watchFailed(.expired))], action: "list 107 +0 expired"),
        Case(
            name: "410 in the stream, after events, leads to a list at once",
            steps: [.event("107"), .happens(.watchRefused(.expired, lasted: .seconds(1)))],
            action: "list 107 +0 expired"),
        Case(
            name: "410 right after a list leads to a list from the store itself, after a pause",
            steps: [.happens(.watchFailed(.expired))], action: "list newest +800 expired"),
        Case(
            name: "410 after each list waits longer each time",
            steps: [
                .happens(.watchFailed(.expired)), .happens(.installed(resourceVersion: "100")),
                .happens(.watchFailed(.expired)),
            ], action: "list newest +1600 expired"),
        Case(
            name: "429 for the watch request waits as the server asks, and watches on",
            steps: [.happens(.watchFailed(.throttled(retryAfter: .seconds(7))))], action: "watch 100 +7000 throttled"),
        Case(
            name: "429 in the stream waits, and watches on",
            steps: [.event("107"), .happens(.watchRefused(.throttled(retryAfter: nil), lasted: .seconds(9)))],
            action: "watch 107 +800 throttled"),
        Case(
            name: "a refused connection is tried again without a list, however often",
            steps: [.happens(.watchFailed(.unreachable))]
                + Array(repeating: .happens(.compareFailed(.unreachable)), count: 40),
            action: "compare +30000 unreachable"),
        Case(
            name: "a server that was away and is as new as before is watched on",
            steps: [.happens(.watchFailed(.unreachable)), .happens(.compared(resourceVersion: "100"))],
            action: "watch 100 +0 back"),
        Case(
            name: "what is no version proves nothing",
            steps: [
                .event("107"), .happens(.watchBroke(.unreachable, lasted: .seconds(20))),
                .happens(.compared(resourceVersion: "0")),
            ], action: "compare +1600 unreadable"),
        Case(
            name: "a list of no version isn't believed either",
            steps: [
                .event("107"), .happens(.watchFailed(.expired)),
                .happens(.listed(resourceVersion: "abc", continue: nil)),
            ], action: "list 107 +800 unreadable"),
        Case(
            name: "it is asked once for each absence",
            steps: [
                .happens(.watchFailed(.unreachable)), .happens(.compared(resourceVersion: "130")), .event("131"),
                .happens(.watchEnded(lasted: .seconds(300))),
            ], action: "watch 131 +0 ended"),
        Case(
            name: "a server that comes back with an older store leads to a list",
            steps: [
                .event("107"), .happens(.watchBroke(.unreachable, lasted: .seconds(20))),
                .happens(.compared(resourceVersion: "60")),
            ],
            action: "list newest +0 rewind"),
        Case(
            name: "and an older list is believed then",
            steps: [
                .event("107"), .happens(.watchBroke(.unreachable, lasted: .seconds(20))),
                .happens(.compared(resourceVersion: "60")), .happens(.listed(resourceVersion: "61", continue: nil)),
            ], action: "install 61 rewound"),
        Case(
            name: "whoever may not list watches on",
            steps: [.happens(.watchFailed(.unreachable)), .happens(.compareFailed(.forbidden))],
            action: "watch 100 +1600 forbidden"),
        Case(
            name: "a server that is throttled is asked when it wants to be",
            steps: [
                .happens(.watchFailed(.unreachable)), .happens(.compareFailed(.throttled(retryAfter: .seconds(9)))),
            ], action: "compare +9000 throttled"),
        Case(
            name: "a server that fails the watch request is asked again without a list",
            steps: [.happens(.watchFailed(.serverError(retryAfter: nil)))]
                + Array(repeating: .happens(.compareFailed(.serverError(retryAfter: nil))), count: 40),
            action: "compare +30000 server_error"),
        Case(
            name: "a broken connection is watched on from the last event",
            steps: [
                .event("107"), .happens(.watchBroke(.unreachable, lasted: .seconds(20))),
                .happens(.compared(resourceVersion: "109")),
            ], action: "watch 107 +0 back"),
        Case(
            name: "InternalError in the stream is watched on",
            steps: [.happens(.watchRefused(.serverError(retryAfter: nil), lasted: .seconds(20)))],
            action: "watch 100 +800 server_error"),
        Case(
            name: "InternalError in the stream time and again leads to a list",
            steps: Array(
                repeating: .happens(.watchRefused(.serverError(retryAfter: nil), lasted: .seconds(20))), count: 5),
            action: "list newest +800 server_error"),
        Case(
            name: "another status in the stream leads to a list",
            steps: [.event("107"), .happens(.watchRefused(.rejected, lasted: .seconds(1)))],
            action: "list 107 +0 rejected"),
        Case(
            name: "a silent connection is watched on at once",
            steps: [
                .event("107"), .happens(.watchBroke(.silent, lasted: .seconds(200))),
                .happens(.compared(resourceVersion: "107")),
            ], action: "watch 107 +0 back"),
        Case(
            name: "a dead connection never leads to a list while bookmarks come in between",
            steps: Array(
                repeating: [Step.event("107"), .happens(.watchBroke(.silent, lasted: .seconds(200)))], count: 20
            ).flatMap { $0 }, action: "compare +0 silent"),
        Case(
            name: "watches without so much as a bookmark, for a quarter of an hour, lead to a list",
            steps: Array(repeating: .happens(.watchBroke(.silent, lasted: .seconds(180))), count: 5),
            action: "list newest +800 quiet"),
        Case(
            name: "a watch for what isn't served any more leads to a list",
            steps: [.event("107"), .happens(.watchFailed(.notFound))], action: "list 107 +0 not_found"),
        Case(
            name: "a watch that isn't allowed is tried again without a list",
            steps: [.happens(.watchFailed(.forbidden))], action: "watch 100 +800 forbidden"),
        Case(
            name: "an event of an older version leads to a list from the store itself",
            steps: [.event("107"), .happens(.rewindSeen)], action: "list newest +0 rewind"),
        Case(
            name: "after an older event an older list is believed",
            steps: [
                .event("107"), .happens(.rewindSeen), .happens(.listed(resourceVersion: "60", continue: nil)),
            ], action: "install 60 rewound"),
        Case(
            name: "an older list is asked again",
            steps: [
                .event("107"), .happens(.watchFailed(.expired)),
                .happens(.listed(resourceVersion: "105", continue: nil)),
            ], action: "list newest +800 older"),
        Case(
            name: "an older list from the store itself, after an older one from the cache, is asked again",
            steps: [
                .event("107"), .happens(.watchFailed(.expired)),
                .happens(.listed(resourceVersion: "105", continue: nil)),
                .happens(.listed(resourceVersion: "106", continue: nil)),
            ], action: "list newest +1600 older"),
        Case(
            name: "two older lists from the store itself are believed",
            steps: [
                .event("107"), .happens(.watchFailed(.expired)),
                .happens(.listed(resourceVersion: "60", continue: nil)),
                .happens(.listed(resourceVersion: "60", continue: nil)),
                .happens(.listed(resourceVersion: "61", continue: nil)),
            ], action: "install 61 rewound"),
        Case(
            name: "a list as new as what is known is installed",
            steps: [
                .event("107"), .happens(.watchFailed(.expired)),
                .happens(.listed(resourceVersion: "107", continue: nil)),
            ], action: "install 107"),
        Case(
            name: "a list that the server can't serve yet is asked from the store itself",
            steps: [
                .event("107"), .happens(.watchFailed(.expired)),
                .happens(.listFailed(.versionTooLarge(retryAfter: .seconds(1)))),
            ], action: "list newest +1000 version_too_large"),
        Case(
            name: "an event between lists makes their waits short again",
            steps: Array(repeating: .happens(.listFailed(.unreachable)), count: 9) + [
                .happens(.installed(resourceVersion: "200")), .event("201"), .happens(.watchFailed(.expired)),
                .happens(.listFailed(.unreachable)),
            ], action: "list 201 +800 unreachable"),
        Case(
            name: "a list alone doesn't make the waits for watches short again",
            steps: Array(repeating: .happens(.watchFailed(.unreachable)), count: 3) + [
                .happens(.watchFailed(.notFound)), .happens(.installed(resourceVersion: "200")),
                .happens(.watchFailed(.unreachable)),
            ], action: "compare +6400 unreachable"),
    ]

    @Test(arguments: cases)
    func afterAWatch(_ example: Case) throws {
        var state = ReflectorState(options: ReflectorOptions(random: { 0 }))
        _ = state.next(after: .started)
        _ = state.next(after: .listed(resourceVersion: "100", continue: nil))
        var last = state.next(after: .installed(resourceVersion: "100"))
        #expect(last.summary == "watch 100 +0 listed")
        for step in example.steps {
            switch step {
            case .happens(let happening): last = state.next(after: happening)
            case .event(let version):
                #expect(state.continues(with: version))
                state.advance(to: version)
            }
        }
        #expect(last.summary == example.action)
    }

    static let firstLists: [([Happening], String)] = [
        ([], "list newest +0 start"),
        ([.listed(resourceVersion: "9", continue: "t1")], "list next t1 +0 next_page"),
        // A page may be empty, and an empty token is none.
        ([.listed(resourceVersion: "9", continue: "")], "install 9"),
        ([.listed(resourceVersion: "", continue: nil)], "list newest +800 unreadable"),
        ([.listed(resourceVersion: "9", continue: "t1"), .listFailed(.expired)], "list newest +800 expired"),
        ([.listed(resourceVersion: "9", continue: "t1"), .listFailed(.unreachable)], "list newest +800 unreachable"),
        ([.listFailed(.notFound)], "list newest +800 not_found"),
        ([.listFailed(.notFound), .listFailed(.notFound)], "list newest +1600 not_found"),
        ([.listFailed(.forbidden)], "list newest +800 forbidden"),
        ([.listFailed(.throttled(retryAfter: .seconds(3)))], "list newest +3000 throttled"),
        (Array(repeating: .listFailed(.unreachable), count: 60), "list newest +30000 unreachable"),
    ]

    @Test(arguments: firstLists)
    func beforeTheFirstWatch(happenings: [Happening], action: String) {
        var state = ReflectorState(options: ReflectorOptions(random: { 0 }))
        var last = state.next(after: .started)
        for happening in happenings { last = state.next(after: happening) }
        #expect(last.summary == action)
    }

    @Test func waitsAreUpToTwiceAsLongByChance() {
        var state = ReflectorState(options: ReflectorOptions(random: { 0.5 }))
        _ = state.next(after: .started)
        #expect(state.next(after: .listFailed(.unreachable)).summary == "list newest +1200 unreachable")
    }

    @Test(arguments: [("99", false), ("100", true), ("101", true), ("1000", true), ("1", false)])
    func onlyAnOlderVersionBreaksTheWatch(version: String, continues: Bool) {
        var state = ReflectorState(options: ReflectorOptions())
        state.advance(to: "100")
        #expect(state.continues(with: version) == continues)
    }

    @Test(arguments: [(0.0, 300), (0.5, 450), (0.999999, 600)])
    func eachWatchDrawsItsTimeout(random: Double, seconds: Int) {
        #expect(ReflectorOptions(random: { random }).watchTimeout() == seconds)
    }
}

extension ReflectorState.Action {
    fileprivate var summary: String {
        switch self {
        case .list(.newest, let delay, let reason): "list newest +\(delay.milliseconds) \(reason)"
        case .list(.notOlderThan(let version), let delay, let reason):
            "list \(version) +\(delay.milliseconds) \(reason)"
        case .list(.next(let token), let delay, let reason): "list next \(token) +\(delay.milliseconds) \(reason)"
        case .install(let version, let rewound): rewound ? "install \(version) rewound" : "install \(version)"
        case .watch(let version, let delay, let reason): "watch \(version) +\(delay.milliseconds) \(reason)"
        case .compare(let delay, let reason): "compare +\(delay.milliseconds) \(reason)"
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int { Int((seconds * 1000).rounded()) }
}
