# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# etcd, API server, controller manager and scheduler.

start_etcd() {
    local client=https://127.0.0.1:$etcd_port peer=https://127.0.0.1:$etcd_peer_port
    local -a optional
    # The data need not survive the machine, only the process; without fsync each write is much quicker.
    mapfile -t optional < <(with_flags "$etcd" unsafe-no-fsync=true)
    if [[ $request_bytes ]]; then optional+=(--max-request-bytes "$request_bytes"); fi
    start_daemon etcd "$etcd" --name main --data-dir "$state/etcd" \
        --listen-client-urls "$client" --advertise-client-urls "$client" \
        --cert-file "$pki/etcd.crt" --key-file "$pki/etcd.key" --client-cert-auth --trusted-ca-file "$pki/etcd-ca.crt" \
        --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "main=$peer" \
        --peer-cert-file "$pki/etcd.crt" --peer-key-file "$pki/etcd.key" --peer-client-cert-auth \
        --peer-trusted-ca-file "$pki/etcd-ca.crt" "${optional[@]}"
}

etcd_healthy() {
    in_network curl -sf --noproxy '*' --max-time 5 --cacert "$pki/etcd-ca.crt" --cert "$pki/etcd-client.crt" \
        --key "$pki/etcd-client.key" "https://127.0.0.1:$etcd_port/health" | grep -q '"health":"true"'
}

# Every write, once, when it is answered; reads and the checks that the servers make among themselves would drown them.
write_audit_policy() {
    cat >"$state/audit-policy.yaml" <<'END'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  verbs: [get, list, watch]
- level: None
  resources:
  - group: authentication.k8s.io
  - group: authorization.k8s.io
- level: Metadata
END
}

start_apiserver() {
    local bind=$api_address
    local -a optional
    # In the node's namespace the API server serves the node's loopback too.
    if [[ $cluster_mode == full ]]; then bind=0.0.0.0; fi
    write_audit_policy
    mapfile -t optional < <(with_flags "$kube_apiserver" audit-log-maxsize=100000 enable-priority-and-fairness=true)
    start_daemon kube-apiserver "$kube_apiserver" \
        --etcd-servers "https://127.0.0.1:$etcd_port" --etcd-cafile "$pki/etcd-ca.crt" \
        --etcd-certfile "$pki/etcd-client.crt" --etcd-keyfile "$pki/etcd-client.key" \
        --bind-address "$bind" --secure-port "$api_port" --advertise-address "$api_address" \
        --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
        --client-ca-file "$pki/ca.crt" --authorization-mode Node,RBAC \
        --enable-admission-plugins NodeRestriction,OwnerReferencesPermissionEnforcement \
        --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$pki/service-account.pub" \
        --service-account-signing-key-file "$pki/service-account.key" --api-audiences https://kubernetes.default.svc \
        --service-cluster-ip-range "$service_network" --allow-privileged=true \
        --kubelet-client-certificate "$pki/apiserver-kubelet-client.crt" \
        --kubelet-client-key "$pki/apiserver-kubelet-client.key" --kubelet-certificate-authority "$pki/ca.crt" \
        --kubelet-preferred-address-types InternalIP \
        --audit-log-path "$audit_log" --audit-policy-file "$state/audit-policy.yaml" "${optional[@]}"
}

# From the host, as a user would.
apiserver_healthy() {
    curl -sf --noproxy '*' --max-time 5 --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" "$api_url/readyz"
}

start_controller_manager() {
    local -a optional
    # The default of 20 requests a second for all controllers together would hide everything else under load.
    mapfile -t optional < <(with_flags "$kube_controller_manager" port=0 concurrent-job-syncs=50 \
        concurrent-namespace-syncs=20 concurrent-serviceaccount-token-syncs=20 enable-hostpath-provisioner=true \
        "flex-volume-plugin-dir=$state/flex-volumes")
    # Without a node no pod is ever on one, and the test that plays the kubelet ends the pods. This controller would get in the
    # way: it deletes for good what is being deleted and is on no node, and newer releases mark it as failed first.
    if [[ $cluster_mode != full ]]; then optional+=(--controllers='*,-podgc'); fi
    start_daemon kube-controller-manager "$kube_controller_manager" \
        --kubeconfig "$pki/controller-manager.kubeconfig" --authentication-kubeconfig "$pki/controller-manager.kubeconfig" \
        --authorization-kubeconfig "$pki/controller-manager.kubeconfig" \
        --bind-address 127.0.0.1 --secure-port "$controller_manager_port" --cert-dir "$state/controller-manager" \
        --leader-elect=false --use-service-account-credentials \
        --service-account-private-key-file "$pki/service-account.key" --root-ca-file "$pki/ca.crt" \
        --cluster-signing-cert-file "$pki/ca.crt" --cluster-signing-key-file "$pki/ca.key" \
        --kube-api-qps 1000 --kube-api-burst 2000 "${optional[@]}"
}

controller_manager_healthy() { loopback_healthy https "$controller_manager_port"; }

start_scheduler() {
    local -a optional
    mapfile -t optional < <(with_flags "$kube_scheduler" port=0)
    start_daemon kube-scheduler "$kube_scheduler" \
        --kubeconfig "$pki/scheduler.kubeconfig" --authentication-kubeconfig "$pki/scheduler.kubeconfig" \
        --authorization-kubeconfig "$pki/scheduler.kubeconfig" \
        --bind-address 127.0.0.1 --secure-port "$scheduler_port" --cert-dir "$state/scheduler" \
        --leader-elect=false --kube-api-qps 1000 --kube-api-burst 2000 "${optional[@]}"
}

scheduler_healthy() { loopback_healthy https "$scheduler_port"; }

# These certificates are made by the component itself, on each start; the address is loopback.
loopback_healthy() {
    in_network curl -sfk --noproxy '*' --max-time 5 "$1://127.0.0.1:$2/healthz"
}

# Default objects: a storage class, so that volume claims without one are served.
create_objects() {
    admin apply --validate=false -f - <<'END'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations:
    storageclass.kubernetes.io/is-default-class: "true"
provisioner: kubernetes.io/host-path
reclaimPolicy: Delete
END
}

admin() {
    "$kubectl" --kubeconfig "$kubeconfig" "$@"
}

apiserver_stop() {
    instance_exists || fail "there is no cluster $cluster_name"
    kill_daemon kube-apiserver
}

apiserver_start() {
    instance_exists || fail "there is no cluster $cluster_name"
    load_binaries
    start_apiserver
    wait_healthy kube-apiserver 60 apiserver_healthy
}

apiserver_restart() {
    apiserver_stop
    apiserver_start
}

data_save() {
    alone_or_fail
    [[ ! -e $1 ]] || fail "$1 is there already"
    kill_daemon etcd
    local result=0
    cp -a "$state/etcd" "$1" || result=$?
    start_etcd
    wait_healthy etcd 60 etcd_healthy
    ((result == 0)) || { rm -rf "$1" && fail "the data can't be copied to $1"; }
}

data_restore() {
    alone_or_fail
    [[ -d $1/member ]] || fail "$1 holds no data of etcd's"
    local component
    for component in kube-controller-manager kube-apiserver etcd; do kill_daemon "$component"; done
    rm -rf "$state/etcd"
    cp -a "$1" "$state/etcd"
    start_etcd
    wait_healthy etcd 60 etcd_healthy
    start_apiserver
    wait_healthy kube-apiserver 60 apiserver_healthy
    start_controller_manager
    wait_ready
}

# Forgets all versions but the last, as etcd does every few minutes by itself.
data_compact() {
    alone_or_fail
    local revision
    revision=$(etcd_call kv/range '{"key": "AA=="}' | sed -n 's/.*"revision":"\([0-9]*\)".*/\1/p')
    [[ $revision ]] || fail "etcd doesn't tell its revision"
    etcd_call kv/compaction "{\"revision\": $revision, \"physical\": true}" >/dev/null
}

etcd_call() {
    curl -sf --noproxy '*' --max-time 20 --cacert "$pki/etcd-ca.crt" --cert "$pki/etcd-client.crt" \
        --key "$pki/etcd-client.key" --data "$2" "https://127.0.0.1:$etcd_port/v3/$1"
}

alone_or_fail() {
    instance_exists || fail "there is no cluster $cluster_name"
    [[ $cluster_mode == control-plane ]] || fail "only the data of a cluster of --control-plane-only can be saved and restored"
    load_binaries
}
