# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the parts of hack/services share their variables
# A mail server, Postfix, that keeps what it gets for example.com in one folder: nothing of it leaves the machine.

prepare_mail() {
    [[ $(id -u) == 0 ]] || fail "Postfix must be started by root"
}

start_mail() {
    local addresses
    local -a command
    ! daemon_runs mail || return 0
    addresses=$(listen_addresses)
    # Postfix works as several users, which must get through to its folder; what lies beside it stays its owner's.
    chmod 700 "$state"/*/
    chmod 711 "$state"
    MAIL_PASSWORD=$mail_password "$lib/services/private-postfix" make "$state/mail" "${addresses// /,}" \
        "starttls=$(port_of mail)" "smtps=$(port_of mail-smtps)"
    mapfile -t command < <("$lib/services/private-postfix" master "$state/mail")
    start_daemon mail "${command[@]}"
}

wait_mail() { wait_healthy mail 30 mail_healthy; }

# Well is who greets.
mail_healthy() {
    local greeting connection
    exec {connection}<>"/dev/tcp/127.0.0.1/$(port_of mail)" || return 1
    read -r -t 5 -u "$connection" greeting || true
    exec {connection}>&-
    [[ $greeting == 220* ]]
}

# STARTTLS is required at the one address, and TLS is there from the first byte at the other.
env_of_mail() {
    print_export SMTP_URL "smtp://$1:$(port_of mail)"
    print_export SMTPS_URL "smtps://$1:$(port_of mail-smtps)"
    print_export SMTP_USER reports
    print_export SMTP_PASSWORD "$mail_password"
    print_export SMTP_AUTHORITY "$state/mail/tls/ca.crt"
    print_export MAIL_FOLDER "$state/mail/boxes/inbox/new"
}
