#!/bin/sh
# Registers the namespace unless it is there. Histories of ended studies are kept for RETENTION.
set -eu
describe() { temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; }
attempt=0
until describe || temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"; do
  attempt=$((attempt + 1))
  [ "$attempt" -lt 30 ] || { echo "the namespace $TEMPORAL_NAMESPACE could not be registered"; exit 1; }
  sleep 2
done
