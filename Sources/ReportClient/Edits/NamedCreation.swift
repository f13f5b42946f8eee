public import KubernetesClient

/// Creates an object under a name of its own, and again where the answer got lost: one name makes one object.
public struct NamedCreation: Sendable {
    public enum Outcome<Object: Sendable>: Sendable {
        case created(Object)
        /// There is one of that name. `isRepeated`: an earlier try may have made it.
        case exists(isRepeated: Bool)
        /// The last error; whether it was created isn't known.
        case unknown(KubernetesError)
    }

    /// Between the tries.
    private let pauses: [Duration]

    public init(pauses: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8)]) { self.pauses = pauses }

    /// Throws the `KubernetesError` of a creation that certainly wasn't.
    public func run<Object: Sendable>(
        _ create: () async throws(KubernetesError) -> Object
    ) async throws -> Outcome<Object> {
        var isRepeated = false
        var pauses = pauses[...]
        while true {
            let result: Result<Object, KubernetesError>
            do throws(KubernetesError) { result = .success(try await create()) } catch { result = .failure(error) }
            switch result {
            case .success(let object): return .created(object)
            case .failure(let error) where error.isAlreadyExists: return .exists(isRepeated: isRepeated)
            // After a first try without an answer, a server that is away doesn't tell what became of that one.
            case .failure(let error) where error.outcomeUnknown || (isRepeated && error.isRetryable):
                guard let pause = pauses.popFirst() else { return .unknown(error) }
                isRepeated = true
                try await Task.sleep(for: pause)
            // Nor does a refusal: the first may have used up the quota that this one lacks.
            case .failure(let error):
                if isRepeated { return .unknown(error) }
                throw error
            }
        }
    }
}
