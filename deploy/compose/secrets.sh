#!/bin/sh
# Makes the secrets that docker-compose.yml reads, once: sh deploy/compose/secrets.sh [FOLDER]. What is there stays; copy payload_keys elsewhere.
# The folder is the owner's alone. In it files may be read by the containers' users, but for the keys: sulcus (uid 1000) refuses keys that others may read.
set -eu
folder=${1:-./secrets}
case $(id -u) in
  0|1000) ;;
  *) echo "run this as root or as uid 1000: the keys must belong to uid 1000, which the containers run as" >&2; exit 1 ;;
esac
mkdir -p "$folder"
chmod 700 "$folder"
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
secret() { # NAME TEXT
  [ -e "$folder/$1" ] || printf '%s\n' "$2" > "$folder/$1"
  chmod 644 "$folder/$1"
}
secret postgres_password "$(random)"
secret codec_token "$(random)"
secret s3_credentials "[default]
aws_access_key_id = $(random)
aws_secret_access_key = $(random)"
secret grafana_password "$(random)"
# As `sulcus keys new` makes it: 32 random bytes in base64.
if [ ! -e "$folder/payload_keys" ]; then head -c 32 /dev/urandom | base64 > "$folder/payload_keys"; fi
chmod 600 "$folder/payload_keys"
[ "$(id -u)" != 0 ] || chown 1000:1000 "$folder/payload_keys"
