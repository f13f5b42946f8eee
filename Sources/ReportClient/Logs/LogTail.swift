import KubernetesClient
public import KubernetesModel
import ReportPlanning

/// Reads the log of a stage's pod to its end, through whatever interrupts the connection.
public struct LogTail: Sendable {
    private let cluster: ReportCluster
    private let pod: Pod
    private let container: String
    private let follow: Bool
    private let tailLines: Int?
    private let showsTimestamps: Bool

    /// `container`: usually the stage's own. `follow`: whether to wait for what is still to come.
    public init(
        _ cluster: ReportCluster, pod: Pod, container: String? = nil, follow: Bool,
        tailLines: Int? = nil, showsTimestamps: Bool = false
    ) {
        self.cluster = cluster
        self.pod = pod
        self.container = container ?? StageJob.containerName
        self.follow = follow
        self.tailLines = tailLines
        self.showsTimestamps = showsTimestamps
    }

    /// How the reading ended.
    public enum End: Sendable, Equatable {
        case whole
        /// The pod, or its log, isn't there any more.
        case gone
    }

    public func run(_ print: @Sendable (Substring) -> Void) async throws -> End {
        var position = LogPosition()
        var isLast = !follow
        var pause = Duration.milliseconds(100)
        while true {
            do throws(KubernetesError) {
                let isWhole = try await read(&position, follow: !isLast) { print($0) }
                // The end of a stream that isn't followed is the log's; of another it may be the server's.
                if isLast { return isWhole ? .whole : .gone }
                isLast = try await hasEnded()
                if isLast { continue }
            } catch {
                // A container that has no log (400): it hasn't come so far yet, or it never will.
                if error.isNotFound || (isLast && error.code == 400) { return .gone }
                guard follow, error.isRetryable || error.code == 400 else { throw ClientError.api(error) }
                if !isLast { isLast = (try? await hasEnded()) ?? false }
            }
            try await Task.sleep(for: pause * Double.random(in: 1..<1.5))
            pause = min(pause * 2, .seconds(2))
        }
    }

    /// False where the kubelet had to give up, since the container is gone.
    private func read(
        _ position: inout LogPosition, follow: Bool, _ print: (Substring) -> Void
    ) async throws(KubernetesError) -> Bool {
        let isFirst = position.second == nil
        position.resume()
        let lines = try await cluster.client.logs(
            pod: pod.metadata.name, namespace: pod.metadata.namespace,
            options: LogOptions(
                container: container, follow: follow, timestamps: true, since: position.second,
                tailLines: isFirst ? tailLines : nil))
        var errors = KubeletErrors()
        for try await line in lines {
            for line in errors.pass(line) {
                guard let text = position.accept(line) else { continue }
                print(showsTimestamps ? line[...] : text)
            }
        }
        return !errors.isPending
    }

    private func hasEnded() async throws(KubernetesError) -> Bool {
        let pod = try await cluster.client.get(
            Pod.self, name: pod.metadata.name, namespace: pod.metadata.namespace)
        return pod.hasEnded || pod.container(container)?.state?.terminated != nil
    }
}

extension Pod {
    func container(_ name: String) -> ContainerStatus? { status?.containerStatuses?.first { $0.name == name } }

    /// Whether there is a log to read.
    func hasStarted(_ name: String) -> Bool {
        guard let state = container(name)?.state else { return hasEnded || status?.phase == "Running" }
        return state.waiting == nil
    }
}
