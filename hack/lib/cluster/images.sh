# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# Images without any registry.

readonly test_image=localhost/report-operator/busybox:1 sandbox_image=localhost/report-operator/pause:1

# Two images from busybox-static: one for tests, and one whose process keeps a pod's namespaces.
make_images() {
    local root=$state/busybox applet
    mkdir -p "$root"/{bin,etc,tmp,root}
    chmod 1777 "$root/tmp"
    cp /bin/busybox "$root/bin/busybox"
    for applet in $("$root/bin/busybox" --list); do
        [[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet"
    done
    printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'nobody:x:65534:65534:nobody:/tmp:/bin/sh' >"$root/etc/passwd"
    printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' >"$root/etc/group"
    "$lib/image/oci-image" --output "$state/busybox.tar" --tag "$test_image" --rootfs "$root" --env PATH=/bin --cmd sh
    "$lib/image/oci-image" --output "$state/pause.tar" --tag "$sandbox_image" --rootfs "$root" --env PATH=/bin \
        --entrypoint sleep --entrypoint 2147483647
    rm -rf "$root"
}

import_image() {
    # Through a pipe: the file may lie where only this shell, but not containerd's namespace, sees it.
    ctr --address "$containerd_socket" --namespace k8s.io image import --snapshotter "$(sed -n 's/^ *snapshotter = "\(.*\)"/\1/p' "$state/containerd.toml")" - <"$1" >&2
}

import_own_images() {
    local archive
    if [[ ! -f $state/busybox.tar || ! -f $state/pause.tar ]]; then make_images; fi
    for archive in busybox pause; do
        import_image "$state/$archive.tar" >>"$logs/images.log" 2>&1 || daemon_failed images
    done
}

load_image() {
    [[ -r $1 ]] || fail "cannot read $1"
    [[ $cluster_mode == full ]] || fail "cluster $cluster_name has no node (see hack/cluster --help)"
    daemon_runs containerd || fail "containerd does not run"
    import_image "$1"
}
