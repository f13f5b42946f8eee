# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# up and down, and what is done to one service.

# services_up CLUSTER [SERVICE…]
services_up() {
    local cluster=$1 address='' service well=yes
    local -a wanted=("${@:2}")
    if ((${#wanted[@]} == 0)); then
        wanted=("${usual_services[@]}")
        # Of these only Postfix insists on root.
        [[ $(id -u) == 0 ]] || wanted=(mongodb redis mariadb)
    fi
    if [[ $cluster ]]; then address=$(host_address_of "$cluster"); fi
    for service in "${wanted[@]}"; do
        [[ $well ]] && instance_exists && service_well "$service" && [[ ! $address || $address == "$pod_address" ]] || well=''
    done
    if [[ $well ]]; then
        say "services $services_name are up: ${wanted[*]}"
        return
    fi
    "$lib/prerequisites" "${wanted[@]}"
    locked bring_up "$address" "${wanted[@]}"
}

# Its host's address, as pods see it.
host_address_of() {
    (
        eval "$("$lib/../cluster" --name "$1" env)"
        printf '%s' "${REPORT_CLUSTER_HOST_ADDRESS:?the cluster $1 is not up}"
    )
}

bring_up() {
    local address=$1 service
    shift
    instance_exists || create_state
    if [[ $address && $address != "$pod_address" ]]; then
        # They take up another address only when they start.
        for service in "${all_services[@]}"; do
            if daemon_runs "$service"; then
                service_stop "$service"
                [[ " $* " == *" $service "* ]] || set -- "$@" "$service"
            fi
        done
        set_pod_address "$address"
    fi
    start_services "$@"
    say "services $services_name are up: eval \"\$(hack/services$(name_option) env)\""
}

# All start at once; what takes longest is waited for last.
start_services() {
    local service mask
    check_pod_address
    ulimit -n "$(ulimit -Hn)"
    # The folder that all of it lies in may have to be open (mail.sh).
    mask=$(umask)
    umask 077
    for service in "$@"; do
        "prepare_$service"
        if daemon_runs "$service"; then signal_daemon CONT "$service"; fi
        "start_$service"
    done
    umask "$mask"
    for service in "$@"; do
        "wait_$service"
        say "$service runs, pid $(daemon_pid "$service"), port $(port_of "$service")"
    done
}

check_pod_address() {
    [[ ! $pod_address || $pod_address == 127.* || $(ip -brief address show to "$pod_address") ]] ||
        fail "the host has no address $pod_address any more: bring the cluster up again, or these services down"
}

# Each step does no harm if there is nothing to do: up may have been interrupted anywhere.
take_down() {
    local service
    # The data goes, so nobody needs to write it.
    for service in "${all_services[@]}"; do kill_daemon "$service"; done
    kill_marked
    remove_folder
    say "services $services_name are down"
}

was_started() { [[ -d $state/$1 ]]; }

need_started() {
    was_started "$1" || fail "$1 has not been started (hack/services$(name_option) up $1)"
}

service_start() {
    need_started "$1"
    start_services "$1"
}

service_stop() {
    local pid
    pid=$(daemon_pid "$1") || return 0
    kill -TERM "$pid" 2>/dev/null || true
    # One that is paused would never see it.
    signal_daemon CONT "$1" || true
    wait_until 60 "process $pid ($1) to end" process_gone "$pid"
}

service_kill() {
    need_started "$1"
    # At once with all its processes.
    if daemon_runs "$1"; then signal_daemon KILL "$1" || true; fi
    kill_daemon "$1"
}

service_pause() { signal_running STOP "$1"; }

service_resume() { signal_running CONT "$1"; }

signal_running() {
    daemon_runs "$2" || fail "$2 does not run"
    signal_daemon "$@"
}

# signal_daemon SIGNAL SERVICE: it leads a group of all its processes.
signal_daemon() {
    local pid
    pid=$(daemon_pid "$2") && kill "-$1" -- "-$pid" 2>/dev/null
}

service_paused() {
    local pid stat
    pid=$(daemon_pid "$1") && read -r stat <"/proc/$pid/stat" && [[ ${stat##*) } == T* ]]
}

service_well() { daemon_runs "$1" && ! service_paused "$1" && "$1_healthy" >/dev/null 2>&1; }

port_answers() { (: <>"/dev/tcp/127.0.0.1/$(port_of "$1")") 2>/dev/null; }
