# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# A provider of identities, glewlwyd: people sign in at its page by OpenID Connect. On loopback alone, by http.

readonly sign_in_client=report-gateway

prepare_sign-in() {
    [[ ${sign_in_password:-} ]] || fail "these services are older than the provider: bring them down and up again"
}

start_sign-in() {
    local folder=$state/sign-in port
    port=$(port_of sign-in)
    if [[ ! -f $folder/provider.db ]]; then
        rm -rf "$folder"
        mkdir -p "$folder"
        # It serves no link that leads out of its folder, and its page's settings are a file.
        cp -rL /usr/share/glewlwyd/webapp "$folder/webapp"
        if [[ -d $folder/webapp/config.json ]]; then
            mv "$folder/webapp/config.json" "$folder/webapp/config"
            cp "$folder/webapp/config"/*.json "$folder/webapp/config.json"
        fi
        zcat /usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz | sqlite3 "$folder/new.db" >/dev/null
        # By its API one locks oneself out of both: a password that is asked for again, and users without groups.
        sqlite3 "$folder/new.db" "UPDATE g_scope SET gs_password_max_age=0;
            UPDATE g_user_module_instance SET gumi_parameters=json_set(gumi_parameters,
                '\$.data-format.groups', json('{\"multiple\":true,\"read\":true,\"write\":true}'));"
        # For its owner alone; the gateway reads it by its path.
        (umask 077 && printf '%s' "$sign_in_client_secret" >"$folder/client-secret")
        mv "$folder/new.db" "$folder/provider.db"
    fi
    cat >"$folder/glewlwyd.conf" <<END
port=$port
bind_address="127.0.0.1"
external_url="http://127.0.0.1:$port"
login_url="login.html"
cookie_secure=0
cookie_domain="127.0.0.1"
static_files_path="$folder/webapp"
log_mode="console"
log_level="WARNING"
admin_scope="g_admin"
profile_scope="g_profile"
use_secure_connection=false
secure_connection_key_file="unused"
secure_connection_pem_file="unused"
secure_connection_ca_file="unused"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
database = { type = "sqlite3" path = "$folder/provider.db" };
static_files_mime_types = (
    {extension = ".html" mime_type = "text/html"}, {extension = ".css" mime_type = "text/css"},
    {extension = ".js" mime_type = "application/javascript"}, {extension = ".json" mime_type = "application/json"})
END
    start_daemon sign-in "$(command -v glewlwyd)" --config-file="$folder/glewlwyd.conf"
}

# The first start also makes its people and our client, whatever an interrupted one has left of them.
wait_sign-in() {
    if [[ ! -f $state/sign-in/people-made ]]; then
        wait_healthy sign-in 30 port_answers sign-in
        sign_in_admin setup || daemon_failed sign-in-setup
        : >"$state/sign-in/people-made"
    fi
    wait_healthy sign-in 30 sign-in_healthy
}

sign-in_healthy() { curl --noproxy '*' -fsS -m 2 -o /dev/null "$(sign_in_issuer)/.well-known/openid-configuration"; }

# sign_in_redirects URL…: where people may be sent back to, instead of what was allowed before.
sign_in_redirects() {
    daemon_runs sign-in || fail "sign-in does not run"
    sign_in_admin redirects "$@" || daemon_failed sign-in-setup
}

# From now on it signs by a new key; it still publishes the old ones.
service_rotate() {
    [[ $1 == sign-in ]] || fail "only sign-in has keys to rotate"
    daemon_runs sign-in || fail "sign-in does not run"
    sign_in_admin rotate || daemon_failed sign-in-setup
}

# Passwords go by the environment, because everybody can read a command line.
sign_in_admin() {
    SIGN_IN_ADMIN_PASSWORD=$sign_in_admin_password SIGN_IN_PASSWORD=$sign_in_password \
        SIGN_IN_CLIENT_SECRET=$sign_in_client_secret SIGN_IN_CLIENT=$sign_in_client SIGN_IN_STATE=$state/sign-in \
        timeout 60 /usr/bin/python3 "$lib/services/sign_in_admin.py" "$1" "$(port_of sign-in)" "${@:2}" \
        >>"$logs/sign-in-setup.log" 2>&1
}

sign_in_issuer() { printf 'http://127.0.0.1:%s/api/oidc' "$(port_of sign-in)"; }

# The password is that of ada (in the group finance), bob (in no group) and mallory (in others).
env_of_sign-in() {
    print_export SIGN_IN_ISSUER "$(sign_in_issuer)"
    print_export SIGN_IN_CLIENT_ID "$sign_in_client"
    print_export SIGN_IN_CLIENT_SECRET_FILE "$state/sign-in/client-secret"
    print_export SIGN_IN_PASSWORD "$sign_in_password"
}
