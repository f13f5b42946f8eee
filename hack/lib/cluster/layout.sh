# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# Where a cluster's files lie, and which addresses and ports are its own.

# Each cluster has a number. Its addresses are the four /24 networks from 10.231.(4 × number).0 on
# (link to the host, pods, services, spare), and its loopback ports start at 21000 + 10 × number:
# below the range from which the kernel takes ports for outgoing connections.
readonly network_prefix=10.231 first_port=21000 instance_count=64

layout_for() {
    cluster_name=$1
    instance_layout clusters "$1"
    pki=$state/pki
    kubeconfig=$state/kubeconfig
    audit_log=$logs/audit.log
    containerd_socket=$run/containerd.sock
    node_name=$cluster_name-node
    cluster_mode='' cgroup='' request_bytes=''
    if [[ -f $state/settings ]]; then
        # shellcheck source=/dev/null
        . "$state/settings"
        set_addresses
    fi
}

set_addresses() {
    local third=$((4 * number)) port=$((first_port + 10 * number))
    host_address=$network_prefix.$third.1
    node_address=$network_prefix.$third.2
    pod_network=$network_prefix.$((third + 1)).0/24
    service_network=$network_prefix.$((third + 2)).0/24
    service_address=$network_prefix.$((third + 2)).1
    host_link=rpo-$number
    # With the number, because two state folders can each have a cluster of the same name.
    cgroup=/report-operator/$cluster_name-$number
    if [[ $cluster_mode == full ]]; then
        # In a network namespace of its own every port is free.
        api_address=$node_address api_port=6443
        port=2380
    else
        api_address=127.0.0.1 api_port=$port
    fi
    etcd_port=$((port + 1)) etcd_peer_port=$((port + 2)) controller_manager_port=$((port + 3)) scheduler_port=$((port + 4))
    api_url=https://$api_address:$api_port
}

number_is_free() {
    if [[ $cluster_mode == full ]]; then
        [[ -z $(ip route show root "$network_prefix.$((4 * $1)).0/22" 2>/dev/null) ]] &&
            ! ip link show "rpo-$1" >/dev/null 2>&1
    else
        ports_are_free $((first_port + 10 * $1)) 4
    fi
}

# create_state MODE BYTES: the second is empty for what etcd takes by itself.
create_state() {
    cluster_mode=$1 request_bytes=$2
    create_instance fill_folder
    set_addresses
}

fill_folder() {
    mkdir -p "$pki"
    write_settings cluster_mode request_bytes
}
