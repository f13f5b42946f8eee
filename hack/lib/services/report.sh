# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# status and env.

services_status() {
    local service pid health failed=0
    instance_exists || fail "there are no services $services_name"
    printf '%-10s %-8s %-10s %s\n' SERVICE PID HEALTH PORT
    for service in "${all_services[@]}"; do
        was_started "$service" || continue
        health=ok
        if ! pid=$(daemon_pid "$service"); then
            pid=- health=stopped
        elif service_paused "$service"; then
            health=paused
        elif ! service_well "$service"; then
            health=unhealthy
        fi
        [[ $health == ok ]] || failed=1
        printf '%-10s %-8s %-10s %s\n' "$service" "$pid" "$health" "$(port_of "$service")"
    done
    printf '%-10s %s\n' listen "$(listen_addresses)" state "$state"
    return $failed
}

# services_env FOR-PODS: of those that were started, also while one is stopped, so that a test can ask at any time.
services_env() {
    local service address=127.0.0.1
    instance_exists || fail "there are no services $services_name (hack/services$(name_option) up)"
    if [[ $1 ]]; then
        address=$pod_address
        [[ $address ]] || fail "pods can't reach these services (hack/services$(name_option) up --for-cluster CLUSTER)"
    fi
    for service in "${all_services[@]}"; do
        ! was_started "$service" || "env_of_$service" "$address"
    done
    print_export REPORT_SERVICES_NAME "$services_name"
    print_export REPORT_SERVICES_STATE "$state"
}

# In single quotes, which other readers than a shell take off easily.
print_export() { printf 'export %s=%s\n' "$1" "${2@Q}"; }
