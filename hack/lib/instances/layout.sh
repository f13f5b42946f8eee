# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster and hack/services share their variables
# What clusters and services have in common: each is an instance with a name, a number and a folder of its own.
#
# Whoever sources it brings layout_for NAME, number_is_free NUMBER, take_down, and says in instance_count how many numbers
# there are.

# instance_layout FOLDER NAME: all that lies in the folder of that name, below that of its kind.
instance_layout() {
    instance_name=$2
    [[ $instance_name =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] ||
        fail "--name: 1 to 32 of a-z, 0-9 and -, not beginning or ending with -"
    instances=$(state_folder)/$1
    [[ $instances == /* ]] || fail "REPORT_OPERATOR_STATE must be an absolute path"
    state=$instances/$instance_name
    # The longest socket below it, with some reserve.
    ((${#state} <= 80)) || fail "the path is too long for unix sockets: $state"
    run=$state/run logs=$state/logs
    number=''
}

instance_exists() { [[ $number ]]; }

# The lowest number that nobody has: neither an instance of this state folder, nor (for another folder, or another
# program) what it stands for on this host.
choose_number() {
    local taken candidate
    # There may be no other instance, which is no failure.
    taken=" $({ cat "$instances"/*/settings 2>/dev/null || true; } | sed -n 's/^number=//p' | paste -sd' ') "
    for ((candidate = 0; candidate < instance_count; candidate++)); do
        if [[ $taken != *" $candidate "* ]] && number_is_free "$candidate"; then
            number=$candidate
            return 0
        fi
    done
    fail "no free network or ports for another instance"
}

# ports_are_free FIRST COUNT: whether nobody listens there.
ports_are_free() {
    local port
    for ((port = $1; port < $1 + $2; port++)); do
        if (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return 1; fi
    done
}

# create_instance FILL…: the command puts into the folder what belongs there, and its settings last. Two that start
# together must not choose the same number.
create_instance() {
    mkdir -p "$instances"
    chmod 755 "$(state_folder)" "$instances"
    take_lock 8 "$instances/.number.lock"
    choose_number
    # Private keys, passwords and data lie below.
    install -d -m 700 "$state"
    mkdir -p "$run" "$logs"
    "$@"
    exec 8>&-
}

# write_settings VARIABLE…: what is known of an instance again when it is looked at the next time.
write_settings() {
    local variable
    for variable in number "$@"; do printf '%s=%s\n' "$variable" "${!variable}"; done >"$state/settings.new"
    mv "$state/settings.new" "$state/settings"
}

# One command at a time changes an instance. The lock lies beside the folder, because down removes the folder.
locked() {
    mkdir -p "$instances"
    take_lock 9 "$instances/.$instance_name.lock"
    layout_for "$instance_name"
    "$@"
    exec 9>&-
}

instance_down() {
    mkdir -p "$instances"
    locked take_down
    # With the last instance the folders go too; rmdir leaves them if there is anything else.
    if ! compgen -G "$instances/*/" >/dev/null; then
        rm -f "$instances/.number.lock"
        rmdir "$instances" "$(state_folder)" 2>/dev/null || true
    fi
}

remove_folder() {
    rm -rf --one-file-system "$state"
    rm -f "$instances/.$instance_name.lock"
}

name_option() {
    if [[ $instance_name != default ]]; then printf -- ' --name %s' "$instance_name"; fi
}
