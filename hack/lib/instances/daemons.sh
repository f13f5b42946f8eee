# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/cluster and hack/services share their variables
# Start, find and end the processes of an instance, by pid.
#
# A pid alone can be another process's by now, therefore the file of a daemon holds its pid and the time of its
# start; both together are never used twice.

# The kernel's start time of a process: field 22 of stat, counted behind the command's name in parentheses.
start_time() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2086 # words are wanted
    set -- ${stat##*) }
    # A zombie has ended.
    [[ ${1:-Z} != [ZX] ]] || return 1
    printf '%s' "${20}"
}

record_process() {
    printf '%s %s\n' "$2" "$(start_time "$2")" >"$run/$1.pid"
}

# Prints the pid of a daemon if it runs.
daemon_pid() {
    local pid started
    { read -r pid started <"$run/$1.pid"; } 2>/dev/null || return 1
    [[ $(start_time "$pid") == "$started" ]] || return 1
    printf '%s' "$pid"
}

daemon_runs() { daemon_pid "$1" >/dev/null; }

process_gone() { ! start_time "$1" >/dev/null; }

child_of() {
    local child
    child=$(ps -o pid= --ppid "$1") || return 1
    printf '%s' "${child// /}"
}

child_or_end() { child_of "$1" || process_gone "$1"; }

# The environment that every process of a cluster gets: no proxy or Go setting of the caller must change what it
# does, and folders of its PATH may be hidden in the node. By the mark, `down` finds also those that were started but not yet recorded when `up` was interrupted.
clean_environment() {
    printf '%s\n' env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$(process_mark)"
}

process_mark() { printf 'REPORT_OPERATOR_PROCESS_OF=%s' "$state"; }

# Closes everything but the standard streams: a daemon must keep neither our locks nor what our caller had open, who may
# wait for a pipe's end. (Foundation's Process does: it takes a program for running as long as anyone holds its pipe.)
close_inherited() {
    local descriptor
    for descriptor in "/proc/$BASHPID/fd"/*; do
        descriptor=${descriptor##*/}
        # 255 is where bash reads this script; it closes it itself.
        if ((descriptor > 2 && descriptor != 255)); then eval "exec $descriptor>&-"; fi
    done
}

# start_daemon NAME COMMAND…: in the node's namespaces, if the cluster has a node; logs to $logs/NAME.log.
start_daemon() {
    local name=$1 launcher holder pid
    local -a clean inside=()
    shift
    ! daemon_runs "$name" || return 0
    mapfile -t clean < <(clean_environment)
    if [[ $cluster_mode == full ]]; then
        holder=$(daemon_pid node) || fail "the node's namespaces are gone"
        inside=(nsenter --target "$holder" --mount --net --pid --)
    fi
    (
        close_inherited
        exec "${clean[@]}" setsid "${inside[@]}" "$@"
    ) >>"$logs/$name.log" 2>&1 </dev/null &
    launcher=$!
    pid=$launcher
    if [[ $cluster_mode == full ]]; then
        # nsenter forks to enter a pid namespace; the daemon is its child.
        wait_until 10 "$name to be started" child_or_end "$launcher" || daemon_failed "$name"
        pid=$(child_of "$launcher") || daemon_failed "$name"
    fi
    record_process "$name" "$pid" || daemon_failed "$name"
}

daemon_failed() {
    printf '%s\n' "--- the end of $logs/$1.log:" >&2
    tail -n 20 "$logs/$1.log" >&2 || true
    fail "$1 failed"
}

# wait_healthy NAME SECONDS COMMAND…: until the condition holds; fails at once if the daemon has ended.
wait_healthy() {
    local name=$1 limit=$2
    shift 2
    # shellcheck disable=SC2317 # called through its name
    healthy_or_dead() { "$@" || ! daemon_runs "$name"; }
    if ! wait_until "$limit" "$name" healthy_or_dead "$@" || ! daemon_runs "$name"; then daemon_failed "$name"; fi
}

kill_daemon() {
    local pid
    pid=$(daemon_pid "$1") || return 0
    kill -KILL "$pid" 2>/dev/null || true
    wait_until 20 "process $pid ($1) to end" process_gone "$pid"
}

marked_processes() {
    # A process may end while we look.
    grep -lszxF "$(process_mark)" /proc/[0-9]*/environ 2>/dev/null | sed 's,/proc/,,; s,/environ,,' || true
}

kill_marked() {
    local pid
    for pid in $(marked_processes); do
        kill -KILL "$pid" 2>/dev/null || true
    done
    for pid in $(marked_processes); do
        wait_until 20 "process $pid to end" process_gone "$pid"
    done
}
