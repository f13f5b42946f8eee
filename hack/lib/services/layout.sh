# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# Where the files of an instance lie, and which ports and passwords are its own.

readonly all_services=(mongodb redis mariadb mail sign-in)
# What reports need, and `up` starts unless told; where people sign in is named when it is wanted.
readonly usual_services=(mongodb redis mariadb mail)
# One a service, and one more for mail by TLS from the first byte.
readonly service_ports=("${usual_services[@]}" mail-smtps sign-in)
# Above those of hack/cluster (its layout.sh), and below the range from which the kernel takes ports for outgoing
# connections. Each instance has a number, and ten ports from 21700 + 10 × number on.
readonly first_service_port=21700 instance_count=64

layout_for() {
    services_name=$1
    instance_layout services "$1"
    # Daemons run among the host's processes, unlike those of a cluster with a node.
    cluster_mode=services
    pod_address=''
    # shellcheck source=/dev/null
    if [[ -f $state/settings ]]; then . "$state/settings" && create_passwords; fi
}

port_of() {
    local index
    for index in "${!service_ports[@]}"; do
        [[ ${service_ports[index]} != "$1" ]] || printf '%s' $((first_service_port + 10 * number + index))
    done
}

# The addresses that a service listens on.
listen_addresses() {
    echo 127.0.0.1 ${pod_address:+"$pod_address"}
}

create_state() { create_instance fill_folder; }

fill_folder() {
    create_passwords
    write_settings
}

number_is_free() { ports_are_free $((first_service_port + 10 * $1)) "${#service_ports[@]}"; }

# Those that are missing: also of servers that an older version has started. Hexadecimal digits need no quoting, in a URI either.
create_passwords() {
    local name
    # shellcheck source=/dev/null
    [[ ! -f $state/passwords ]] || . "$state/passwords"
    (
        umask 077
        for name in mongodb_password mongodb_admin_password mongodb_stages_password mongodb_courier_password \
            mongodb_reader_password redis_password warehouse_password plant_password plant_reader_password mail_password sign_in_password \
            sign_in_admin_password sign_in_client_secret; do
            [[ ${!name:-} ]] || printf '%s=%s\n' "$name" "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" >>"$state/passwords"
        done
    )
    # shellcheck source=/dev/null
    . "$state/passwords"
}

set_pod_address() {
    pod_address=$1
    write_settings pod_address
}
