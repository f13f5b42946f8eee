# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# status and env.

components() {
    echo etcd kube-apiserver kube-controller-manager
    if [[ $cluster_mode == full ]]; then echo kube-scheduler containerd kubelet kube-proxy; fi
}

component_healthy() {
    case $1 in
        etcd) etcd_healthy ;;
        kube-apiserver) apiserver_healthy ;;
        kube-controller-manager) controller_manager_healthy ;;
        kube-scheduler) scheduler_healthy ;;
        containerd) containerd_healthy ;;
        kubelet) kubelet_healthy && node_ready ;;
        kube-proxy) proxy_healthy ;;
        *) false ;;
    esac >/dev/null 2>&1
}

component_binary() {
    case $1 in
        containerd) command -v containerd ;;
        *) local variable=${1//-/_} && printf '%s' "${!variable}" ;;
    esac
}

all_healthy() {
    local component
    [[ $number && -f $state/binaries && -f $kubeconfig ]] || return 1
    load_binaries
    for component in $(components); do
        daemon_runs "$component" && component_healthy "$component" || return 1
    done
}

cluster_status() {
    local component pid health failed=0
    instance_exists || fail "there is no cluster $cluster_name"
    [[ -f $state/binaries && -f $kubeconfig ]] || fail "cluster $cluster_name has not been started completely"
    load_binaries
    printf '%-24s %-8s %-10s %s\n' COMPONENT PID HEALTH VERSION
    for component in $(components); do
        health=ok
        if ! pid=$(daemon_pid "$component"); then
            pid=- health=stopped
        elif ! component_healthy "$component"; then
            health=unhealthy
        fi
        [[ $health == ok ]] || failed=1
        printf '%-24s %-8s %-10s %s\n' "$component" "$pid" "$health" "$(binary_version "$(component_binary "$component")")"
    done
    printf '%-24s %s\n' 'API server' "$api_url" state "$state"
    return $failed
}

cluster_env() {
    local path
    [[ $number && -f $state/binaries && -f $kubeconfig ]] || fail "there is no cluster $cluster_name (hack/cluster$(name_option) up)"
    load_binaries
    path=${kubectl%/*}
    printf 'export KUBECONFIG=%q\n' "$kubeconfig"
    # Once is enough, however often the output is evaluated.
    # shellcheck disable=SC2016 # the reader's shell expands it
    printf 'case ":$PATH:" in *":%s:"*) ;; *) export PATH=%q:"$PATH" ;; esac\n' "$path" "$path"
    printf 'export REPORT_CLUSTER_NAME=%q\n' "$cluster_name"
    printf 'export REPORT_CLUSTER_STATE=%q\n' "$state"
    printf 'export REPORT_CLUSTER_API_SERVER=%q\n' "$api_url"
    printf 'export REPORT_CLUSTER_AUDIT_LOG=%q\n' "$audit_log"
    if [[ $cluster_mode == full ]]; then
        printf 'export REPORT_CLUSTER_HOST_ADDRESS=%q\n' "$host_address"
        printf 'export REPORT_CLUSTER_TEST_IMAGE=%q\n' "$test_image"
    else
        # What serves pods on a full cluster is asked for by the same name here.
        printf 'export REPORT_CLUSTER_HOST_ADDRESS=127.0.0.1\n'
    fi
}
