# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# The node: namespaces of its own, containerd, kubelet, kube-proxy.

# A cluster with a node lives in its own network, mount and pid namespace. Their first process ("node") does
# nothing but hold them: when it ends, the kernel ends every process, mount, bridge and iptables rule in them.
start_namespaces() {
    local launcher pid
    local -a clean
    ! daemon_runs node || return 0
    # Whatever was in the namespaces went with them.
    rm -f "$run"/*
    mapfile -t clean < <(clean_environment)
    (
        close_inherited
        exec "${clean[@]}" setsid unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
            "$lib/cluster/node-init" "$state" "${etcd%/*}" "${kube_apiserver%/*}" "${kube_controller_manager%/*}" \
            "${kube_scheduler%/*}" "${kube_proxy%/*}" "${kubelet%/*}"
    ) >>"$logs/node.log" 2>&1 </dev/null &
    launcher=$!
    wait_until 10 "the node's namespaces" child_or_end "$launcher" || daemon_failed node
    pid=$(child_of "$launcher") || daemon_failed node
    record_process node "$pid"
    wait_healthy node 10 test -e "$run/node.ready"
    link_node "$pid"
}

# One link between host and node. There is no default route in the node and no masquerading: nothing that a pod
# sends can leave the machine. Host and pods reach each other directly.
link_node() {
    local pid=$1 nsenter
    nsenter=(nsenter --target "$pid" --net --)
    ip link delete "$host_link" 2>/dev/null || true
    ip link add "$host_link" type veth peer name host0 netns "$pid"
    ip address add "$host_address/24" dev "$host_link"
    ip link set "$host_link" up
    "${nsenter[@]}" ip link set lo up
    "${nsenter[@]}" ip address add "$node_address/24" dev host0
    "${nsenter[@]}" ip link set host0 up
    # For the node's own processes: a route must exist before iptables can turn a service address into a real one.
    "${nsenter[@]}" ip route add "$service_network" via "$host_address" dev host0
    ip route add "$pod_network" via "$node_address" dev "$host_link"
}

# in_network COMMAND…: where the cluster's loopback is.
in_network() {
    local holder
    if [[ $cluster_mode == full ]]; then
        holder=$(daemon_pid node) || return 1
        nsenter --target "$holder" --net -- "$@"
    else
        "$@"
    fi
}

cgroup_roots() {
    local type folder
    while read -r _ folder type _; do
        if [[ $type == cgroup || $type == cgroup2 ]]; then echo "$folder"; fi
    done </proc/mounts
}

create_cgroups() {
    local root folder file
    for root in $(cgroup_roots); do
        for folder in "$root${cgroup%/*}" "$root$cgroup"; do
            mkdir -p "$folder"
            # Version 1: a new cpuset is empty and takes no process until it is given processors and memory.
            for file in cpuset.cpus cpuset.mems; do
                if [[ -f $folder/cgroup.clone_children && -f $folder/$file && -z $(<"$folder/$file") ]]; then
                    cat "${folder%/*}/$file" >"$folder/$file"
                fi
            done
            # Version 2: a folder's children have the controllers that it passes on.
            if [[ -f $folder/cgroup.controllers ]]; then
                sed 's/[^ ]*/+&/g' "$folder/cgroup.controllers" >"$folder/cgroup.subtree_control" 2>/dev/null || true
            fi
        done
    done
}

remove_cgroups() {
    local root
    for root in $(cgroup_roots); do
        [[ -d $root$cgroup ]] || continue
        wait_until 20 "cgroups to become empty" remove_cgroup_tree "$root$cgroup" || true
        # The parent belongs to all clusters; it goes with the last.
        rmdir "$root${cgroup%/*}" 2>/dev/null || true
    done
}

remove_cgroup_tree() {
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [[ ! -d $1 ]]
}

start_containerd() {
    local snapshotter=overlayfs
    # Overlay on overlay is refused by the kernel: in a container, files are copied instead.
    if [[ $(stat -f -c %T "$state") == overlayfs ]]; then snapshotter=native; fi
    mkdir -p "$state/containerd" "$state/cni"
    cat >"$state/cni/10-bridge.conflist" <<END
{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [
    {
      "type": "bridge", "bridge": "pods0", "isDefaultGateway": true, "hairpinMode": true, "ipMasq": false,
      "ipam": { "type": "host-local", "ranges": [[{ "subnet": "$pod_network" }]], "dataDir": "/run/cni" }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
END
    # restrict_oom_score_adj: runc fails without CAP_SYS_RESOURCE otherwise.
    # disable_apparmor: a profile that is loaded would stay in the host's kernel.
    cat >"$state/containerd.toml" <<END
version = 2
root = "$state/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "$containerd_socket"
[plugins."io.containerd.internal.v1.opt"]
  path = "$state/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$sandbox_image"
  restrict_oom_score_adj = true
  disable_apparmor = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$state/cni"
END
    start_daemon containerd "$(readlink -f "$(command -v containerd)")" --config "$state/containerd.toml"
}

containerd_healthy() { timeout 5 ctr --address "$containerd_socket" version; }

start_kubelet() {
    local -a optional
    local newer=''
    # Some fields exist only in newer releases, where they replace flags.
    if (($(binary_minor "$kubelet") >= 31)); then newer='failCgroupV1: false'; fi
    mkdir -p "$state/kubelet"
    # Nothing resolves names here, and a query must fail at once instead of after some timeouts.
    echo 'nameserver 127.0.0.1' >"$state/resolv.conf"
    # The node's status is looked at each second, because a new node tells only at the second look that it is ready;
    # it is written when it changes, and otherwise as seldom as usual.
    # Percentages of 0 and 100: a host disk that is nearly full is not a reason to evict pods or to delete images.
    cat >"$state/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $node_address
authentication:
  anonymous: { enabled: false }
  webhook: { enabled: true }
  x509: { clientCAFile: $pki/ca.crt }
authorization: { mode: Webhook }
tlsCertFile: $pki/kubelet.crt
tlsPrivateKeyFile: $pki/kubelet.key
cgroupDriver: cgroupfs
cgroupRoot: $cgroup
failSwapOn: false
oomScoreAdj: 0
clusterDomain: cluster.local
clusterDNS: [127.0.0.1]
resolvConf: $state/resolv.conf
volumePluginDir: $state/flex-volumes
maxPods: 200
kubeAPIQPS: 500
kubeAPIBurst: 1000
eventRecordQPS: 0
nodeStatusUpdateFrequency: 1s
nodeStatusReportFrequency: 5m
serializeImagePulls: false
imageGCHighThresholdPercent: 100
evictionHard: { memory.available: 50Mi, nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0% }
$newer
END
    mapfile -t optional < <(with_flags "$kubelet" container-runtime=remote)
    start_daemon kubelet "$kubelet" --config "$state/kubelet.yaml" --kubeconfig "$pki/kubelet.kubeconfig" \
        --root-dir "$state/kubelet" --hostname-override "$node_name" --node-ip "$node_address" \
        --container-runtime-endpoint "unix://$containerd_socket" "${optional[@]}"
}

kubelet_healthy() { loopback_healthy http 10248; }

start_proxy() {
    local -a optional=()
    # Old releases read slices in a version that new API servers have no more, but all know endpoints.
    if (($(binary_minor "$kube_proxy") <= 21)); then optional=(--feature-gates EndpointSliceProxying=false); fi
    # The connection table's limits belong to the host.
    start_daemon kube-proxy "$kube_proxy" --kubeconfig "$pki/proxy.kubeconfig" --hostname-override "$node_name" \
        --cluster-cidr "$pod_network" --proxy-mode iptables --healthz-bind-address 127.0.0.1:10256 \
        --metrics-bind-address 127.0.0.1:10249 --conntrack-max-per-core 0 --conntrack-min 0 \
        --conntrack-tcp-timeout-established 0s --conntrack-tcp-timeout-close-wait 0s --oom-score-adj 0 "${optional[@]}"
}

proxy_healthy() { loopback_healthy http 10256; }

node_ready() {
    [[ $(admin get node "$node_name" -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}') == True ]]
}
