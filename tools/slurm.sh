#!/bin/sh
# A cluster with Slurm on this machine, for as long as one command runs: a
# controller and two virtual nodes, n1 and n2, with one processor each.
#
#   sh tools/slurm.sh DIRECTORY command [arguments ...]
#
# Everything is in DIRECTORY (which is made anew): configuration, key, logs. The
# system's own Slurm and munge, if any, are left alone. It needs no root, only
# the programs of Debian's slurm-wlm and munge.
set -u
[ $# -ge 2 ] || { echo "usage: sh tools/slurm.sh DIRECTORY command ..." >&2; exit 2; }

rm -rf "$1"
mkdir -p "$1" || exit 1
dir=$(cd "$1" && pwd)
shift
PATH=$PATH:/usr/sbin:/sbin
# batchtools asks `squeue -u $USER` for its jobs: without USER, which shells of
# continuous integration often lack, running jobs count as expired
USER=$(id -un)
SLURM_CONF=$dir/slurm.conf
export PATH USER SLURM_CONF

fail() {
  echo "gatemix: $*; see the logs in $dir" >&2
  exit 1
}

# --- Configuration -----------------------------------------------------------

mkdir -m 700 "$dir/munge" "$dir/state" "$dir/spool-n1" "$dir/spool-n2"
dd if=/dev/urandom of="$dir/munge/key" bs=1024 count=1 2>/dev/null
chmod 600 "$dir/munge/key"
host=$(hostname -s)
cat >"$SLURM_CONF" <<END
ClusterName=gatemix
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17000
SlurmUser=$USER
SlurmdUser=$USER
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2
MinJobAge=60
StateSaveLocation=$dir/state
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmdSpoolDir=$dir/spool-%n
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17001-17002] CPUs=1 RealMemory=1000
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END

# --- Daemons, in the foreground, so that they are ours to stop ----------------

daemons=
start() { # NAME command [arguments ...]
  log=$dir/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null &
  daemons="$! $daemons"
}

stop() {
  trap - EXIT INT TERM HUP
  scancel -u "$USER" 2>/dev/null
  for pid in $daemons; do kill "$pid" 2>/dev/null; done
  # shellcheck disable=SC2086  # process ids, to be split
  wait $daemons 2>/dev/null
}
trap stop EXIT
trap 'stop; exit 130' INT TERM HUP

start munged munged --foreground --force --key-file="$dir/munge/key" \
  --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" \
  --seed-file="$dir/munge/seed" --num-threads=2
tries=0
until [ -S "$dir/munge/socket" ]; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || fail "munged did not start"
  sleep 0.1
done
start slurmctld slurmctld -D
for node in n1 n2; do start slurmd-$node slurmd -D -N $node; done

tries=0
until [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 2 ]; do
  tries=$((tries + 1))
  [ $tries -lt 120 ] || fail "the nodes did not come up"
  sleep 0.5
done

# --- The command -------------------------------------------------------------

"$@"
