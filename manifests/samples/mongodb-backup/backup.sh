#!/bin/sh
# Dumps the whole server as it is at the end of the dump, and keeps the last $KEEP dumps.
set -eu
umask 077
cd /backups
rm -f ./*.unfinished
name=reports-$(date -u +%Y-%m-%dT%H%M%SZ).archive.gz
# The password in a file: everybody can read a command line.
mongodump --uri="$MONGODB_URI" --config=/secrets/config.yaml --oplog --gzip --archive="$name.unfinished"
mv "$name.unfinished" "$name"
# shellcheck disable=SC2012 # these names have no special characters
ls -1 reports-*.archive.gz | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do rm "$old"; done
ls -l
