# shellcheck shell=bash
# The six daemons of the test bed, in the order in which they need each other.

readonly DAEMONS=(munged mariadbd slurmdbd slurmctld slurmd sshd)

# Prints the pid of a daemon of this test bed, for a pid file may be older than the process that has its number now.
daemon_pid() { # NAME
  local pid
  pid=$(tr -dc 0-9 2>/dev/null <"$RUN/$1.pid" || tr -dc 0-9 2>/dev/null <"$MUNGE/$1.pid") || return 1
  [[ -n $pid ]] && process_is "$pid" "$1" && grep -qsaF "$BED/" "/proc/$pid/cmdline" "/proc/$pid/environ" || return 1
  printf '%s' "$pid"
}

# TERM, patience, KILL. Quiet when it does not run.
daemon_end() { # NAME
  local pid start
  pid=$(daemon_pid "$1") || return 0
  start=$(process_start "$pid") || return 0
  kill -TERM "$pid" 2>/dev/null || true
  if ! process_await_end "$pid" "$start" 15; then
    kill -KILL "$pid" 2>/dev/null || true
    process_await_end "$pid" "$start" 5 || note "$1 (pid $pid) does not end"
  fi
}

daemon_await() { # NAME SECONDS COMMAND…
  local name=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || fail "$name does not come up." "$LOGS/$name.log" "mend what the log names, then run the same command again."
    sleep 0.1
  done
}

daemons_up() {
  begin "munged, mariadbd"
  daemon_mariadbd
  daemon_munged
  database_make
  done_
  begin "slurmdbd, slurmctld"
  daemon_pid slurmdbd >/dev/null || slurmdbd || fail "slurmdbd does not start." "$LOGS/slurmdbd.log"
  daemon_await slurmdbd 30 timeout 5 sacctmgr -n list cluster
  associations_make
  daemon_pid slurmctld >/dev/null || slurmctld -f "$SLURM_CONF" || fail "slurmctld does not start." "$LOGS/slurmctld.log"
  daemon_await slurmctld 20 controller_answers
  done_
  begin "slurmd, sshd"
  daemon_slurmd
  mkdir -p /run/sshd
  daemon_pid sshd >/dev/null || /usr/sbin/sshd -f "$ETC/sshd_config" -E "$LOGS/sshd.log" || fail "sshd does not start." "$LOGS/sshd.log"
  daemon_await sshd 10 ssh-keyscan -T 2 -t ed25519 -p "$SSH_PORT" 127.0.0.1
  done_ "node $NODE $(sinfo -h -n "$NODE" -p "$PARTITION" -o '%t, %G, %c CPUs, %m MB')"
}

daemon_munged() {
  daemon_pid munged >/dev/null || runuser -u munge -- munged --key-file="$MUNGE/munge.key" --socket="$MUNGE/munge.socket" \
    --pid-file="$MUNGE/munged.pid" --log-file="$MUNGE/munged.log" --seed-file="$MUNGE/seed" --num-threads=4 ||
    fail "munged does not start." "$MUNGE/munged.log"
  daemon_await munged 10 munge -n -S "$MUNGE/munge.socket"
}

daemon_mariadbd() {
  daemon_pid mariadbd >/dev/null && return
  if [[ ! -d $BED/mariadb/mysql ]]; then
    install -d -o slurm -g slurm "$BED/mariadb"
    mariadb-install-db --defaults-file="$ETC/mariadb.cnf" --user=slurm --auth-root-authentication-method=normal --skip-test-db \
      >"$LOGS/mariadb-install.log" 2>&1 || fail "mariadb-install-db failed." "$LOGS/mariadb-install.log"
  fi
  setsid mariadbd --defaults-file="$ETC/mariadb.cnf" --user=slurm </dev/null >>"$LOGS/mariadbd.log" 2>&1 &
}

database() { mariadb --no-defaults -S "$RUN/mariadb.sock" -u root -N; }

database_answers() { database <<<"SELECT 1"; }

database_make() {
  daemon_await mariadbd 60 database_answers
  # By standard input, so that the password stands in no command line.
  database <<<"CREATE DATABASE IF NOT EXISTS slurm_acct_db;
    CREATE USER IF NOT EXISTS slurm@'127.0.0.1' IDENTIFIED BY '$DB_PASSWORD';
    GRANT ALL ON slurm_acct_db.* TO slurm@'127.0.0.1';" || fail "The accounting database could not be made." "$LOGS/mariadbd.log"
}

# Slurm runs nothing for users whom its accounting does not know.
associations_make() {
  local user known
  known=$(sacctmgr -n -P list cluster format=cluster; sacctmgr -n -P list account format=account; sacctmgr -n -P list user format=user)
  grep -qxF testbed <<<"$known" || sacctmgr -i add cluster testbed >/dev/null
  grep -qxF research <<<"$known" || sacctmgr -i add account research Description=research Organization=testbed >/dev/null
  for user in "$KEY_USER" "$PASSWORD_USER"; do
    grep -qxF "$user" <<<"$known" || sacctmgr -i add user "$user" Account=research >/dev/null
  done
}

controller_answers() { timeout 5 scontrol ping | grep -q UP; }

daemon_slurmd() {
  daemon_pid slurmd >/dev/null || slurmd -f "$SLURM_CONF" || fail "slurmd does not start." "$LOGS/slurmd.log"
  daemon_await slurmd 40 node_takes_jobs
}

# A node that was drained or went down in an earlier run stays so until somebody resumes it.
node_takes_jobs() {
  case $(timeout 5 sinfo -h -n "$NODE" -p "$PARTITION" -o %t) in
    idle | mix | alloc | comp) return 0 ;;
    down* | drain* | drng*) scontrol update "nodename=$NODE" state=resume 2>/dev/null || true ;;
  esac
  return 1
}

# Empty control groups of jobs whose slurmstepd was killed. What another test bed uses is not empty, and stays.
cgroups_sweep() {
  local place
  for place in /sys/fs/cgroup/*/slurm /sys/fs/cgroup/*/"slurm_$NODE"; do
    [[ ! -d $place ]] || find "$place" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}
