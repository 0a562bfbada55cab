#!/bin/sh
# Runs one command quietly: says what it does in one line, keeps the output in
# a log, and shows the end of the log only if the command fails.
#
#   sh tools/step.sh "what it does" LOGFILE command [arguments ...]
what=$1
log=$2
shift 2

echo "gatemix: $what ..."
mkdir -p "$(dirname "$log")"
if "$@" >"$log" 2>&1 </dev/null; then
  exit 0
else
  status=$?
fi
{
  echo "gatemix: FAILED ($what). The end of $log:"
  tail -n 30 "$log" | sed 's/^/    /'
} >&2
exit "$status"
