/// The cluster's store has an older state than this process has seen, such as after etcd was restored from a snapshot.
///
/// What a process remembers beside its caches (what it has made, stored and told) no longer holds: it has to begin anew.
public struct ClusterWasSetBack: Error, CustomStringConvertible {
    /// The resource version that was known, and that of the list that shows it: a greater one where whoever restored the store
    /// raised its versions.
    public let from: String
    public let to: String

    public var description: String {
        "the cluster was set back: resource version \(from) was seen, and now at \(to) it is in an older state, as after etcd was "
            + "restored from a snapshot; this process ends, and begins anew with what there is"
    }
}
