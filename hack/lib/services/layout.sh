# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# Where the files of an instance lie, and which ports and passwords are its own.

readonly all_services=(mongodb redis mariadb)
# Above those of hack/cluster (its layout.sh), and below the range from which the kernel takes ports for outgoing
# connections. Each instance has a number, and ten ports from 21700 + 10 × number on.
readonly first_service_port=21700 instance_count=64

layout_for() {
    services_name=$1
    [[ $services_name =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] ||
        fail "--name: 1 to 32 of a-z, 0-9 and -, not beginning or ending with -"
    instances=$(state_folder)/services
    [[ $instances == /* ]] || fail "REPORT_OPERATOR_STATE must be an absolute path"
    state=$instances/$services_name
    # The longest socket below it, with some reserve.
    ((${#state} <= 80)) || fail "the path is too long for unix sockets: $state"
    run=$state/run logs=$state/logs
    # Daemons run among the host's processes, unlike those of a cluster with a node.
    cluster_mode=services
    number='' pod_address=''
    # shellcheck source=/dev/null
    if [[ -f $state/settings ]]; then . "$state/settings" && . "$state/passwords"; fi
}

instance_exists() { [[ $number ]]; }

port_of() {
    local index
    for index in "${!all_services[@]}"; do
        [[ ${all_services[index]} != "$1" ]] || printf '%s' $((first_service_port + 10 * number + index))
    done
}

# The addresses that a service listens on.
listen_addresses() {
    echo 127.0.0.1 ${pod_address:+"$pod_address"}
}

# Two instances that start together must not choose the same number.
create_state() {
    mkdir -p "$instances"
    chmod 755 "$(state_folder)" "$instances"
    take_lock 8 "$instances/.number.lock"
    choose_number
    # Passwords and data lie below.
    install -d -m 700 "$state"
    mkdir -p "$run" "$logs"
    create_passwords
    printf 'number=%s\n' "$number" >"$state/settings.new"
    mv "$state/settings.new" "$state/settings"
    exec 8>&-
}

# The lowest number that nobody has: neither an instance of this state folder, nor another program that listens there.
choose_number() {
    local taken candidate port
    # There may be no other instance, which is not a failure.
    taken=" $({ cat "$instances"/*/settings 2>/dev/null || true; } | sed -n 's/^number=//p' | paste -sd' ') "
    for ((candidate = 0; candidate < instance_count; candidate++)); do
        [[ $taken == *" $candidate "* ]] && continue
        for port in 0 1 2; do
            if (: <>"/dev/tcp/127.0.0.1/$((first_service_port + 10 * candidate + port))") 2>/dev/null; then continue 2; fi
        done
        number=$candidate
        return 0
    done
    fail "no free ports for another instance"
}

# Hexadecimal digits need no quoting, in a URI either.
create_passwords() {
    local name
    (
        umask 077
        for name in mongodb_password mongodb_admin_password redis_password warehouse_password; do
            printf '%s=%s\n' "$name" "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
        done >"$state/passwords"
    )
    # shellcheck source=/dev/null
    . "$state/passwords"
}

set_pod_address() {
    pod_address=$1
    printf 'number=%s\npod_address=%s\n' "$number" "$pod_address" >"$state/settings.new"
    mv "$state/settings.new" "$state/settings"
}

# One command at a time changes an instance. The lock lies beside the folder, because down removes the folder.
locked() {
    mkdir -p "$instances"
    take_lock 9 "$instances/.$services_name.lock"
    layout_for "$services_name"
    "$@"
    exec 9>&-
}

name_option() {
    if [[ $services_name != default ]]; then printf -- ' --name %s' "$services_name"; fi
}
