import KubernetesClient
import KubernetesModel
public import ReportAPI

/// Why a run can't be tried again.
public enum RetryRefusal: Error, Equatable {
    case beingDeleted
    case succeeded
    /// An attempt has yet to end; nil: it hasn't begun.
    case notOver(attempt: Int, ReportRequestStatus.Phase?)
}

/// What became of a wish to cancel.
public enum Cancellation: Sendable {
    case asked(ReportRequest)
    /// It is over, as its status says; Cancelled too.
    case over(ReportRequestStatus.Phase)
}

extension ReportCluster {
    public func cancel(_ name: String) async throws(ClientError) -> Cancellation {
        let request = try await get(ReportRequest.self, name)
        if let phase = request.status?.phase, phase.isTerminal { return .over(phase) }
        let merge: JSONValue = .object(["spec": .object(["cancel": .bool(true)])])
        return .asked(
            try await ask { client throws(KubernetesError) in
                try await client.patch(ReportRequest.self, name: name, namespace: namespace, merge: merge)
            })
    }

    /// Begins the next attempt; tells which that is.
    public func retry(_ name: String) async throws(ClientError) -> (request: ReportRequest, attempt: Int) {
        while true {
            let request = try await get(ReportRequest.self, name)
            let attempt: Int
            switch request.nextAttempt {
            case .success(let next): attempt = next
            case .failure(let refusal):
                throw .retry(refusal, name: name, pipeline: request.spec.value?.pipelineRef?.name)
            }
            // Two that retry at once are to make one attempt: the second finds it running.
            let merge: JSONValue = .object([
                "metadata": .object(["resourceVersion": .string(request.metadata.resourceVersion)]),
                "spec": .object(["attempt": .integer(Int64(attempt)), "cancel": .bool(false)]),
            ])
            let patched: Result<ReportRequest, KubernetesError>
            do throws(KubernetesError) {
                patched = .success(
                    try await client.patch(ReportRequest.self, name: name, namespace: namespace, merge: merge))
            } catch { patched = .failure(error) }
            switch patched {
            case .success(let request): return (request, attempt)
            case .failure(let error) where error.isConflict: continue
            case .failure(let error): throw .api(error)
            }
        }
    }
}

extension ReportRequest {
    /// The number of the attempt that a retry begins.
    public var nextAttempt: Result<Int, RetryRefusal> {
        let latest = max(status?.attempt ?? 1, spec.value?.attempt ?? 1)
        guard !metadata.isDeleting else { return .failure(.beingDeleted) }
        // Whatever became of the report that it is a copy of.
        if let status, status.isRestored, latest == status.attempt ?? 1 { return .success(latest + 1) }
        switch status?.phase {
        case .failed where latest == status?.attempt ?? 1, .cancelled where latest == status?.attempt ?? 1:
            return .success(latest + 1)
        case .succeeded: return .failure(.succeeded)
        case .failed, .cancelled, .queued, .running, .cancelling, nil:
            return .failure(.notOver(attempt: latest, status?.phase))
        }
    }
}
