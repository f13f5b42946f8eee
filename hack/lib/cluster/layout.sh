# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# Where a cluster's files lie, and which addresses and ports are its own.

# Each cluster has a number. Its addresses are the four /24 networks from 10.231.(4 × number).0 on
# (link to the host, pods, services, spare), and its loopback ports start at 21000 + 10 × number:
# below the range from which the kernel takes ports for outgoing connections.
readonly network_prefix=10.231 first_port=21000 cluster_count=64

layout_for() {
    cluster_name=$1
    [[ $cluster_name =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] ||
        fail "--name: 1 to 32 of a-z, 0-9 and -, not beginning or ending with -"
    clusters=$(state_folder)/clusters
    [[ $clusters == /* ]] || fail "REPORT_OPERATOR_STATE must be an absolute path"
    state=$clusters/$cluster_name
    # The longest socket below it, with some reserve.
    ((${#state} <= 80)) || fail "the path is too long for unix sockets: $state"
    run=$state/run logs=$state/logs pki=$state/pki
    kubeconfig=$state/kubeconfig
    audit_log=$logs/audit.log
    containerd_socket=$run/containerd.sock
    node_name=$cluster_name-node
    number='' cluster_mode='' cgroup=''
    if [[ -f $state/settings ]]; then
        # shellcheck source=/dev/null
        . "$state/settings"
        set_addresses
    fi
}

cluster_exists() { [[ $number ]]; }

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

# The lowest number that nobody has: neither a cluster of this state folder, nor (for another folder, or
# another program) the network or the ports on this host.
choose_number() {
    local taken candidate port
    # There may be no other cluster, which is not a failure.
    taken=" $({ cat "$clusters"/*/settings 2>/dev/null || true; } | sed -n 's/^number=//p' | paste -sd' ') "
    for ((candidate = 0; candidate < cluster_count; candidate++)); do
        [[ $taken == *" $candidate "* ]] && continue
        if [[ $cluster_mode == full ]]; then
            [[ -z $(ip route show root "$network_prefix.$((4 * candidate)).0/22" 2>/dev/null) ]] || continue
            ! ip link show "rpo-$candidate" >/dev/null 2>&1 || continue
        else
            for port in 0 1 2 3; do
                if (: <>"/dev/tcp/127.0.0.1/$((first_port + 10 * candidate + port))") 2>/dev/null; then continue 2; fi
            done
        fi
        number=$candidate
        return 0
    done
    fail "no free network or ports for another cluster"
}

# Two clusters that start together must not choose the same number.
create_state() {
    cluster_mode=$1
    mkdir -p "$clusters"
    chmod 755 "$(state_folder)" "$clusters"
    take_lock 8 "$clusters/.number.lock"
    choose_number
    # Private keys lie below.
    install -d -m 700 "$state"
    mkdir -p "$run" "$logs" "$pki"
    printf 'number=%s\ncluster_mode=%s\n' "$number" "$cluster_mode" >"$state/settings.new"
    mv "$state/settings.new" "$state/settings"
    exec 8>&-
    set_addresses
}

# One command at a time changes a cluster. The lock lies beside the folder, because down removes the folder.
locked() {
    mkdir -p "$clusters"
    take_lock 9 "$clusters/.$cluster_name.lock"
    layout_for "$cluster_name"
    "$@"
    exec 9>&-
}
