# shellcheck shell=bash
# Functions that make a container's file system from Debian's packages, with no container engine. Source it; it runs nothing.

readonly suite=bookworm
library=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../Sources/StageLibrary/report_stage" && pwd)
readonly library

# What a container never reads. tar stays: `kubectl cp` runs it.
readonly unneeded=(usr/share/doc usr/share/man usr/share/locale usr/share/info usr/share/lintian usr/share/bash-completion
    usr/share/pixmaps usr/share/applications usr/share/python3/debpython usr/lib/python3.*/pydoc_data
    usr/lib/python3.*/idlelib usr/lib/python3.*/lib2to3 usr/lib/python3.*/test usr/lib/python3.*/tkinter
    usr/lib/python3.*/turtle.py usr/lib/*/gconv usr/lib/*/perl-base
    usr/lib/systemd lib/systemd var/lib/apt var/lib/dpkg var/cache var/log dev/*)

# The host's Debian archive, if it has one configured: a mirror near it, with the keys it trusts.
host_archive() {
    local file
    for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
        if [[ -f $file ]] && grep -qE "^[^#].*\<$suite\>" "$file"; then
            echo "$file"
            return
        fi
    done
}

# unpack_debian FOLDER PACKAGE,…: "extract" unpacks and runs no maintainer script: a base system to boot is not wanted.
unpack_debian() {
    local -a archive
    mapfile -t archive < <(host_archive)
    mmdebstrap --quiet --variant=extract --include="$2" --format=directory "$suite" "$1" "${archive[@]}" >&2
}

# remove_unneeded FOLDER [PATTERN…]: and what matches these patterns.
remove_unneeded() {
    local root=$1 path
    for path in "${unneeded[@]}" "${@:2}"; do
        # The patterns are to expand within the root folder.
        # shellcheck disable=SC2086
        (cd "$root" && rm -rf -- $path)
    done
}

# add_users FOLDER NAME NUMBER: that user, beside root, with a group of the same name.
add_users() {
    mkdir -p "$1/etc" "$1/tmp"
    chmod 1777 "$1/tmp"
    printf '%s\n' 'root:x:0:0:root:/root:/sbin/nologin' "$2:x:$3:$3:$2:/tmp:/sbin/nologin" >"$1/etc/passwd"
    printf '%s\n' 'root:x:0:' "$2:x:$3:" >"$1/etc/group"
}

# install_stage_library FOLDER: the library of stages (Sources/StageLibrary), and its program for those in shell.
install_stage_library() {
    local packages=$1/usr/lib/python3/dist-packages
    mkdir -p "$packages/report_stage" "$1/usr/bin"
    cp "$library"/*.py "$packages/report_stage/"
    printf '%s\n' '#!/usr/bin/python3' 'from report_stage.results import program' 'program()' >"$1/usr/bin/publish-rows"
    chmod 755 "$1/usr/bin/publish-rows"
}
