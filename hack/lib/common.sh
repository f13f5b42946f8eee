# shellcheck shell=bash
# Functions that every command in hack/ may use. Source it; it runs nothing.

# Everything built once and kept: safe to delete when no cluster runs, costs one rebuild.
cache_folder() {
    printf '%s' "${REPORT_OPERATOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/report-operator}"
}

# Everything that belongs to running clusters. Short, because unix socket paths end at 107 bytes.
state_folder() {
    printf '%s' "${REPORT_OPERATOR_STATE:-/var/tmp/report-operator}"
}

# Progress goes to standard error: standard output is for what a caller reads.
say() {
    printf '[%4ds] %s\n' "$SECONDS" "$*" >&2
}

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# A duration in tenths of a second, measured without starting a process.
now_tenths() {
    local now=${EPOCHREALTIME/[.,]/}
    printf '%s' "${now:0:-5}"
}

# wait_until SECONDS WHAT COMMAND…: polls the condition until it holds; the deadline is the only clock.
wait_until() {
    local limit=$1 what=$2 deadline
    shift 2
    deadline=$((SECONDS + limit))
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS >= deadline)); then
            printf '%s: timed out after %s s waiting for: %s\n' "${0##*/}" "$limit" "$what" >&2
            return 1
        fi
        sleep 0.1
    done
}

# take_lock DESCRIPTOR FILE: down removes lock files too, so the file may be another one by the time we have it.
take_lock() {
    local target=/proc/$$/fd/$1
    while :; do
        mkdir -p "${2%/*}"
        eval "exec $1>\"\$2\""
        flock "$1"
        [[ ! $2 -ef $target ]] || return 0
    done
}

# The comment at the head of a command is its help.
print_head_comment() {
    sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$1"
}
