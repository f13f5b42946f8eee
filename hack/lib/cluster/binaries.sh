# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster share their variables
# Which binaries a cluster runs, and which flags they know.

# Those that KUBEBUILDER_ASSETS has win; etcd is otherwise the system's, the rest comes from our build.
# The choice is kept with the cluster, so that a later restart-apiserver takes the same.
choose_binaries() {
    local component path built=''
    : >"$state/binaries.new"
    for component in $(components); do
        # It is always the system's.
        if [[ $component == containerd ]]; then continue; fi
        path=${KUBEBUILDER_ASSETS:+$KUBEBUILDER_ASSETS/$component}
        if [[ ! $path || ! -x $path ]]; then
            if [[ $component == etcd ]]; then
                path=$(command -v etcd)
            else
                [[ $built ]] || built=$("$lib/cluster/kubernetes-build")
                path=$built/$component
            fi
        fi
        printf '%s=%q\n' "${component//-/_}" "$(readlink -f "$path")" >>"$state/binaries.new"
    done
    printf 'kubectl=%q\n' "$(find_kubectl)" >>"$state/binaries.new"
    mv "$state/binaries.new" "$state/binaries"
}

load_binaries() {
    # shellcheck source=/dev/null
    . "$state/binaries"
}

find_kubectl() {
    if [[ ${KUBEBUILDER_ASSETS:-} && -x $KUBEBUILDER_ASSETS/kubectl ]]; then
        readlink -f "$KUBEBUILDER_ASSETS/kubectl"
    elif command -v kubectl >/dev/null; then
        command -v kubectl
    else
        "$lib/cluster/kubectl-install"
    fi
}

# has_flag BINARY FLAG: flags come and go between releases; the binary's own help is the authority.
has_flag() {
    local help
    help=$("$1" --help 2>&1) || true
    grep -qE -- "--$2([ =]|\$)" <<<"$help"
}

# with_flags BINARY FLAG=VALUE…: those of the flags that the binary knows, one a line.
with_flags() {
    local help flag
    help=$("$1" --help 2>&1) || true
    shift
    for flag in "$@"; do
        if grep -qE -- "--${flag%%=*}([ =]|\$)" <<<"$help"; then printf -- '--%s\n' "$flag"; fi
    done
}

binary_version() {
    case $1 in
        */etcd) "$1" --version 2>/dev/null | sed -n 's/^etcd Version: /v/p' ;;
        */containerd) "$1" --version 2>/dev/null | cut -d' ' -f3 ;;
        *) "$1" --version 2>/dev/null | sed 's/^Kubernetes //' ;;
    esac
}

# The minor number of a Kubernetes binary: 20 for v1.20.2.
binary_minor() {
    binary_version "$1" | cut -d. -f2
}
