# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# Keys, certificates and kubeconfigs of a cluster. Two authorities: a holder of a certificate for the API server
# must not be able to speak to etcd with it.

readonly certificate_days=3650

new_key() {
    openssl ecparam -name prime256v1 -genkey -noout -out "$1"
}

new_authority() {
    local name=$1
    new_key "$pki/$name.key"
    openssl req -x509 -new -sha256 -key "$pki/$name.key" -days $certificate_days -subj "/CN=report-operator-$name" \
        -config <(printf '%s\n' '[req]' 'distinguished_name=dn' 'x509_extensions=ca' '[dn]' '[ca]' \
            'basicConstraints=critical,CA:TRUE' 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature' \
            'subjectKeyIdentifier=hash') -out "$pki/$name.crt"
}

# new_certificate AUTHORITY NAME SUBJECT [ALTERNATIVE-NAMES]: for clients; for servers too if it has names.
new_certificate() {
    local authority=$1 name=$2 subject=$3 names=${4:-} usage=clientAuth
    if [[ $names ]]; then usage=serverAuth,clientAuth; fi
    new_key "$pki/$name.key"
    openssl req -new -sha256 -key "$pki/$name.key" -subj "$subject" -out "$pki/$name.csr"
    openssl x509 -req -sha256 -in "$pki/$name.csr" -CA "$pki/$authority.crt" -CAkey "$pki/$authority.key" \
        -set_serial "0x$(openssl rand -hex 12)" -days $certificate_days -out "$pki/$name.crt" 2>/dev/null \
        -extfile <(printf '%s\n' 'basicConstraints=CA:FALSE' 'keyUsage=critical,digitalSignature,keyEncipherment' \
            "extendedKeyUsage=$usage" "${names:+subjectAltName=$names}")
    rm "$pki/$name.csr"
}

write_kubeconfig() {
    local name=$1 target=$2
    cat >"$target.new" <<END
apiVersion: v1
kind: Config
clusters:
- name: report-operator-$cluster_name
  cluster:
    server: $api_url
    certificate-authority-data: $(base64 -w0 "$pki/ca.crt")
users:
- name: $name
  user:
    client-certificate-data: $(base64 -w0 "$pki/$name.crt")
    client-key-data: $(base64 -w0 "$pki/$name.key")
contexts:
- name: report-operator-$cluster_name
  context:
    cluster: report-operator-$cluster_name
    user: $name
current-context: report-operator-$cluster_name
END
    chmod 600 "$target.new"
    mv "$target.new" "$target"
}

create_pki() {
    local names=DNS:localhost,IP:127.0.0.1,IP:::1,IP:$api_address,IP:$service_address
    local name
    for name in kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local; do
        names+=,DNS:$name
    done
    new_authority ca
    new_authority etcd-ca
    new_certificate etcd-ca etcd /CN=etcd DNS:localhost,IP:127.0.0.1
    new_certificate etcd-ca etcd-client /CN=kube-apiserver
    new_certificate ca apiserver /CN=kube-apiserver "$names"
    new_certificate ca apiserver-kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
    new_certificate ca admin /O=system:masters/CN=admin
    new_certificate ca controller-manager /CN=system:kube-controller-manager
    new_key "$pki/service-account.key"
    openssl ec -in "$pki/service-account.key" -pubout -out "$pki/service-account.pub" 2>/dev/null
    write_kubeconfig controller-manager "$pki/controller-manager.kubeconfig"
    if [[ $cluster_mode == full ]]; then
        new_certificate ca scheduler /CN=system:kube-scheduler
        new_certificate ca proxy /CN=system:kube-proxy
        new_certificate ca kubelet "/O=system:nodes/CN=system:node:$node_name" "DNS:$node_name,IP:$node_address"
        for name in scheduler proxy kubelet; do
            write_kubeconfig "$name" "$pki/$name.kubeconfig"
        done
    fi
    # Last: that it is there tells that all the others are.
    write_kubeconfig admin "$kubeconfig"
}
