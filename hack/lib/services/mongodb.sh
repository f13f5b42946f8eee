# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# MongoDB: a replica set of one, because transactions, change streams and majority writes need a replica set.

prepare_mongodb() { mongod=${REPORT_MONGOD:-$("$lib/services/mongod-install")}; }

start_mongodb() {
    local addresses
    addresses=$(listen_addresses)
    mkdir -p "$state/mongodb"
    if [[ ! -f $state/mongodb.key ]]; then
        # Members of a replica set show each other a key; without it there is no authentication either.
        (umask 077 && od -An -N48 -tx1 /dev/urandom | tr -d ' \n' >"$state/mongodb.key")
    fi
    # diagnosticDataCollection samples the host every second, for MongoDB's support.
    start_daemon mongodb "$mongod" --dbpath "$state/mongodb" --port "$(port_of mongodb)" --bind_ip "${addresses// /,}" \
        --replSet rs0 --keyFile "$state/mongodb.key" --wiredTigerCacheSizeGB 0.25 --oplogSize 50 --nounixsocket --quiet \
        --setParameter diagnosticDataCollectionEnabled=false
}

# The first start also makes the replica set and its users, whatever an interrupted one has left of them.
wait_mongodb() {
    if [[ ! -f $state/mongodb/users-made ]]; then
        wait_healthy mongodb 60 port_answers mongodb
        mongodb_admin setup >>"$logs/mongodb-setup.log" 2>&1 || daemon_failed mongodb-setup
        : >"$state/mongodb/users-made"
    fi
    wait_healthy mongodb 60 mongodb_healthy
}

# Well is who takes writes: a member that is up may not have been elected yet.
mongodb_healthy() { mongodb_admin is-primary; }

# Passwords go by the environment, because everybody can read a command line.
mongodb_admin() {
    MONGODB_ADMIN_PASSWORD=$mongodb_admin_password MONGODB_PASSWORD=$mongodb_password \
        MONGODB_STAGES_PASSWORD=$mongodb_stages_password MONGODB_COURIER_PASSWORD=$mongodb_courier_password \
        MONGODB_READER_PASSWORD=$mongodb_reader_password \
        timeout 60 /usr/bin/python3 "$lib/services/mongodb_admin.py" "$1" "$(port_of mongodb)"
}

# The member's own name in the replica set is its address on loopback, so clients must not look for it elsewhere.
env_of_mongodb() {
    local place
    place="$1:$(port_of mongodb)/reports?directConnection=true&authSource=admin"
    print_export MONGODB_URI "mongodb://reports:$mongodb_password@$place"
    print_export MONGODB_STAGES_URI "mongodb://stages:$mongodb_stages_password@$place"
    print_export MONGODB_COURIER_URI "mongodb://courier:$mongodb_courier_password@$place"
    print_export MONGODB_READER_URI "mongodb://reader:$mongodb_reader_password@$place"
    print_export MONGODB_ADMIN_URI "mongodb://admin:$mongodb_admin_password@$place"
}
