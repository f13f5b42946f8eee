# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# MariaDB, in the place of a warehouse, where reports stage what they have extracted, and of a plant's own database.

# An empty data folder takes seconds to make and is always the same: it is made once and copied.
prepare_mariadb() {
    local version unfinished
    version=$(mariadbd --version | sed -n 's/.*Ver \([0-9.]*\).*/\1/p')
    # Small files: some 30 MB instead of 130.
    mariadb_files=(--innodb-log-file-size=8M --innodb-data-file-path=ibdata1:4M:autoextend --innodb-undo-tablespaces=0)
    mariadb_template=$(cache_folder)/mariadb-$version-1
    [[ ! -d $mariadb_template ]] || return 0
    say "make an empty data folder of MariaDB $version"
    mkdir -p "$(cache_folder)"
    unfinished=$(mktemp -d "$(cache_folder)/.mariadb-XXXXXX")
    if ! mariadb-install-db --no-defaults --datadir="$unfinished" --user="$(id -un)" --skip-test-db \
        --auth-root-authentication-method=socket --auth-root-socket-user="$(id -un)" \
        "${mariadb_files[@]}" >"$logs/mariadb-install.log" 2>&1; then
        rm -rf "$unfinished"
        daemon_failed mariadb-install
    fi
    # Lost the race against another call: its result is the same.
    mv -T "$unfinished" "$mariadb_template" 2>/dev/null || rm -rf "$unfinished"
}

start_mariadb() {
    local addresses
    addresses=$(listen_addresses)
    if [[ ! -d $state/mariadb ]]; then
        rm -rf "$state/mariadb.new"
        cp -a --reflink=auto "$mariadb_template" "$state/mariadb.new"
        mv "$state/mariadb.new" "$state/mariadb"
    fi
    start_daemon mariadb "$(command -v mariadbd)" --no-defaults --datadir="$state/mariadb" --user="$(id -un)" \
        --socket="$run/mariadb.sock" --port="$(port_of mariadb)" --bind-address="${addresses// /,}" \
        --skip-name-resolve --skip-log-bin --innodb-buffer-pool-size=32M --performance-schema=OFF \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_bin --sql-mode=TRADITIONAL "${mariadb_files[@]}"
}

wait_mariadb() {
    wait_healthy mariadb 60 mariadb_healthy
    make_warehouse
    make_plant
}

make_warehouse() {
    [[ ! -f $state/mariadb/users-made ]] || return 0
    # TRADITIONAL, above: a value that doesn't fit is refused, never cut or rounded.
    mariadb_root --batch 2>>"$logs/mariadb-setup.log" <<END || daemon_failed mariadb-setup
DROP USER IF EXISTS ''@localhost, ''@'$(hostname)';
CREATE DATABASE IF NOT EXISTS warehouse;
CREATE USER IF NOT EXISTS warehouse@'%' IDENTIFIED BY '$warehouse_password';
GRANT ALL ON warehouse.* TO warehouse@'%';
END
    : >"$state/mariadb/users-made"
}

# Where machines of a plant write, and who may only read it.
make_plant() {
    [[ ! -f $state/mariadb/plant-made ]] || return 0
    mariadb_root --batch 2>>"$logs/mariadb-setup.log" <<END || daemon_failed mariadb-setup
CREATE DATABASE IF NOT EXISTS plant;
CREATE USER IF NOT EXISTS plant@'%' IDENTIFIED BY '$plant_password';
GRANT ALL ON plant.* TO plant@'%';
CREATE USER IF NOT EXISTS plant_reader@'%' IDENTIFIED BY '$plant_reader_password';
GRANT SELECT ON plant.* TO plant_reader@'%';
END
    : >"$state/mariadb/plant-made"
}

# The user who started it is its root, by the socket.
mariadb_root() { timeout 30 mariadb --no-defaults --socket="$run/mariadb.sock" --user="$(id -un)" "$@"; }

mariadb_healthy() { [[ $(mariadb_root --skip-column-names --execute 'SELECT 1') == 1 ]]; }

env_of_mariadb() {
    print_export WAREHOUSE_DSN "mysql://warehouse:$warehouse_password@$1:$(port_of mariadb)/warehouse"
    print_export PLANT_DSN "mysql://plant:$plant_password@$1:$(port_of mariadb)/plant"
    print_export PLANT_READER_DSN "mysql://plant_reader:$plant_reader_password@$1:$(port_of mariadb)/plant"
}
