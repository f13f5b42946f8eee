# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# Redis, with a password, and a log of every write, so that it comes back with its data after a crash.

prepare_redis() { :; }

start_redis() {
    mkdir -p "$state/redis"
    # A file, because everybody can read a command line. A write is in the log before it is answered; what may be
    # lost within a second is what the machine, and not the process, loses.
    (
        umask 077
        cat >"$state/redis.conf" <<END
bind $(listen_addresses)
port $(port_of redis)
requirepass $redis_password
dir $state/redis
appendonly yes
appendfsync everysec
save ""
END
    )
    start_daemon redis "$(command -v redis-server)" "$state/redis.conf"
}

wait_redis() { wait_healthy redis 30 redis_healthy; }

redis_healthy() {
    [[ $(REDISCLI_AUTH=$redis_password timeout 2 redis-cli -p "$(port_of redis)" ping) == PONG ]]
}

# The user "default" by name: redis-cli takes an empty name for a name.
env_of_redis() {
    print_export REDIS_URL "redis://default:$redis_password@$1:$(port_of redis)/0"
}
