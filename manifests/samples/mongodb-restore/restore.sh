#!/bin/sh
# Restores $ARCHIVE, or else the newest dump of manifests/samples/mongodb-backup, into a MongoDB that has no reports.
set -eu
umask 077
cd /backups
ls -l
archive=${ARCHIVE:-}
if [ -z "$archive" ]; then
    for archive in reports-*.archive.gz; do :; done        # their names sort by time
fi
echo "restoring $archive"
printf 'password: %s\n' "$MONGODB_ADMIN_PASSWORD" >/tmp/config.yaml
# Kubernetes sets the variable in each pod of the Service's namespace; so it needs no DNS.
uri="mongodb://admin@$MONGODB_SERVICE_HOST:27017/?directConnection=true"
mongorestore --uri="$uri" --config=/tmp/config.yaml --oplogReplay --gzip --archive="$archive"
