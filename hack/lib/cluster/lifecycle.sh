# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# up and down.

cluster_up() {
    local mode=$1 bytes=$2
    if all_healthy && [[ $mode == full || $cluster_mode == "$mode" ]] && [[ ! $bytes || $request_bytes == "$bytes" ]]; then
        say "cluster $cluster_name is up"
        return
    fi
    if [[ $mode == full ]]; then
        [[ $EUID == 0 ]] || fail "only root can start a node (see --control-plane-only)"
        "$lib/prerequisites" cluster
    else
        "$lib/prerequisites" control-plane
    fi
    locked bring_up "$mode" "$bytes"
}

bring_up() {
    instance_exists || create_state "$1" "$2"
    [[ $cluster_mode == "$1" ]] || fail "cluster $cluster_name was started as $cluster_mode: take it down first, or another --name"
    [[ ! $2 || $request_bytes == "$2" ]] || fail "cluster $cluster_name was started with another --request-bytes: take it down first"
    say "start cluster $cluster_name"
    ulimit -n "$(ulimit -Hn)"
    [[ -f $state/binaries ]] || choose_binaries
    load_binaries
    [[ -f $kubeconfig ]] || create_pki
    if [[ $cluster_mode == full ]]; then
        create_cgroups
        start_namespaces
        start_containerd
    fi
    start_etcd
    if [[ $cluster_mode == full ]]; then
        # Early: old kubelets look for docker during their first five seconds, and do not need the API server yet.
        wait_healthy containerd 60 containerd_healthy
        start_kubelet
    fi
    wait_healthy etcd 60 etcd_healthy
    start_apiserver
    # While the API server starts.
    if [[ $cluster_mode == full ]]; then import_own_images; fi
    wait_healthy kube-apiserver 120 apiserver_healthy
    start_controller_manager
    if [[ $cluster_mode == full ]]; then
        start_scheduler
        start_proxy
    fi
    create_objects >>"$logs/objects.log" 2>&1 || daemon_failed objects
    wait_ready
    say "cluster $cluster_name is up: eval \"\$(hack/cluster$(name_option) env)\""
}

wait_ready() {
    local component
    for component in $(components); do
        wait_healthy "$component" 60 component_healthy "$component"
    done
    wait_until 60 "the default service account" admin get serviceaccount default
    if [[ $cluster_mode == full ]]; then wait_until 60 "the node to be ready" node_ready; fi
}

# Each step does no harm if there is nothing to do: up may have been interrupted anywhere.
take_down() {
    local component
    if [[ $cluster_mode == full ]]; then
        ip link delete "$host_link" 2>/dev/null || true
        kill_daemon node
    else
        for component in kube-controller-manager kube-apiserver etcd; do
            kill_daemon "$component"
        done
    fi
    kill_marked
    if [[ $EUID == 0 && $cgroup ]]; then remove_cgroups; fi
    # A mount below it would mean that the namespaces still live: then nothing is deleted through it.
    ! grep -qF " $state/" /proc/self/mounts || fail "something is still mounted below $state"
    remove_folder
    say "cluster $cluster_name is down"
}
