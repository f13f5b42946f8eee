import KubernetesClient
import KubernetesModel
import Testing

@testable import ReportClient

struct NamedCreationTests {
    private static let taken = KubernetesError(APIStatus(message: "taken", reason: "AlreadyExists", code: 409))
    private static let forbidden = KubernetesError(APIStatus(message: "no", reason: "Forbidden", code: 403))
    private static let lost = KubernetesError(
        kind: .transport(.init(message: "lost", isRetryable: true, mayHaveReachedServer: true)), outcomeUnknown: true)
    private static let away = KubernetesError(
        kind: .transport(.init(message: "away", isRetryable: true, mayHaveReachedServer: false)))

    /// Answers in turn; the outcome in words, and how many were asked for.
    private func outcome(of answers: [KubernetesError?]) async throws -> (String, tries: Int) {
        var tries = 0
        let creation = NamedCreation(pauses: [.zero, .zero])
        do {
            let outcome = try await creation.run { () throws(KubernetesError) -> Int in
                tries += 1
                if let error = answers[tries - 1] { throw error }
                return tries
            }
            switch outcome {
            case .created(let number): return ("created \(number)", tries)
            case .exists(let isRepeated): return (isRepeated ? "exists, perhaps ours" : "exists", tries)
            case .unknown(let error): return ("unknown: \(error.message)", tries)
            }
        } catch let error as KubernetesError {
            return (error.message, tries)
        }
    }

    @Test(
        arguments: [
            ([nil], "created 1"), ([lost, nil], "created 2"), ([lost, taken], "exists, perhaps ours"),
            ([taken], "exists"), ([forbidden], "no"), ([lost, forbidden], "unknown: no"),
            ([away], "away"), ([lost, away, taken], "exists, perhaps ours"), ([lost, lost, away], "unknown: away"),
        ] as [([KubernetesError?], String)])
    func aLostAnswerIsAskedForUnderTheSameName(answers: [KubernetesError?], expected: String) async throws {
        let (outcome, tries) = try await outcome(of: answers)
        #expect(outcome == expected)
        #expect(tries == answers.count)
    }
}
