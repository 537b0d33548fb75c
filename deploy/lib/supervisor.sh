# shellcheck shell=bash
# One supervisor per state directory: keeps every service in run/services alive, restarting with back-off.
# It may die without harm: services live on, `up` starts another, and that one adopts them.

readonly RESTART_DELAYS=(0.1 1 2 5 10 20 30)
readonly HEALTHY_AFTER=60

# Writes a service's command line, shell-quoted, where the supervisor reads it.
service_define() { # RUNDIR NAME COMMAND…
  local dir=$1/services name=$2
  shift 2
  mkdir -p "$dir"
  printf '%q ' "$@" >"$dir/$name.new"
  printf '\n' >>"$dir/$name.new"
  mv "$dir/$name.new" "$dir/$name"
}

service_undefine() { rm -f "$1/services/$2"; } # RUNDIR NAME

service_names() { # RUNDIR
  local file
  for file in "$1"/services/*; do [[ -f $file && $file != *.new ]] && printf '%s\n' "${file##*/}"; done
  return 0
}

# Starts the supervisor of a directory, or tells the running one to look at its services again.
supervisor_wake() { # RUNDIR LOGDIR
  local pid
  if pid=$(process_pid "$1" supervisor) && kill -HUP "$pid" 2>/dev/null; then return; fi
  # In its own session, so that no Ctrl-C reaches it; without the lock of `up`, which would live as long as it.
  setsid "$BASH" "$MINIK8S" __supervise "$1" "$2" </dev/null >>"$2/supervisor.log" 2>&1 9>&- 8>&- &
  process_remember "$1" supervisor $!
}

# --- inside the supervisor process ---

# Wakes when a child ends, when `up` sends HUP, and once a second, for `wait -n` may miss one of several children that die at once.
supervise() { # RUNDIR LOGDIR
  local run=$1 logs=$2 tick=""
  local -A name_of=() timer_of=() stand_in=() since=() failures=()
  trap - ERR
  set +eE
  # Asked to end, it takes its own helpers along and leaves the services alone.
  trap 'kill "$tick" "${!timer_of[@]}" "${!stand_in[@]}" 2>/dev/null; exit 0' TERM INT
  trap : HUP
  while :; do
    supervise_sweep
    supervise_scan
    if [[ -z $tick ]] || ! kill -0 "$tick" 2>/dev/null; then
      sleep 1 &
      tick=$!
    fi
    wait -n
  done
}

# Looks which children are gone. The shell has reaped them, so that their pids are free and `kill -0` fails.
supervise_sweep() {
  local pid name rc
  for pid in "${!timer_of[@]}"; do
    kill -0 "$pid" 2>/dev/null && continue
    unset "timer_of[$pid]"
  done
  for pid in "${!name_of[@]}"; do
    kill -0 "$pid" 2>/dev/null && continue
    wait "$pid" 2>/dev/null
    rc=$?
    name=${name_of[$pid]}
    unset "name_of[$pid]"
    supervise_ended "$name" "$pid" "$rc"
  done
}

supervise_say() { printf '%(%FT%TZ)T %s\n' -1 "$1"; }

# Starts what is defined and neither running nor waiting for its time.
supervise_scan() {
  local file name known
  for file in "$run"/services/*; do
    name=${file##*/}
    [[ -f $file && $name != *.new ]] || continue
    for known in "${name_of[@]}" "${timer_of[@]}"; do [[ $known == "$name" ]] && continue 2; done
    if process_alive "$run" "$name"; then supervise_adopt "$name"; else supervise_start "$name"; fi
  done
}

# A service of an earlier supervisor is nobody's child here: a `tail` that ends with it stands in for it.
supervise_adopt() {
  local pid
  pid=$(process_pid "$run" "$1") || return
  tail --pid="$pid" -f /dev/null &
  name_of[$!]=$1
  stand_in[$!]=$pid
  since[$1]=$EPOCHSECONDS
  supervise_say "adopted $1 (pid $pid)"
}

supervise_start() {
  local name=$1 line command pid
  line_of line "$run/services/$name" || return
  eval "command=($line)"
  setsid "${command[@]}" </dev/null >>"$logs/$name.log" 2>&1 &
  pid=$!
  process_remember "$run" "$name" "$pid"
  name_of[$pid]=$name
  since[$name]=$EPOCHSECONDS
  supervise_say "started $name (pid $pid)"
}

# Says how a service ended and sets the timer for its next start.
supervise_ended() { # NAME CHILD EXIT_CODE
  local name=$1 pid=${stand_in[$2]:-$2} rc=$3 how delay count
  how="with exit code $rc"
  if ((rc > 128)); then how="by signal $((rc - 128))"; fi
  if [[ -n ${stand_in[$2]:-} ]]; then how="unseen"; fi
  unset "stand_in[$2]"
  if [[ ! -f $run/services/$name ]]; then
    supervise_say "$name (pid $pid) ended $how, as asked"
    return
  fi
  if ((EPOCHSECONDS - since[$name] >= HEALTHY_AFTER)); then failures[$name]=0; fi
  count=${failures[$name]:-0}
  failures[$name]=$((count + 1))
  delay=${RESTART_DELAYS[count < ${#RESTART_DELAYS[@]} ? count : ${#RESTART_DELAYS[@]} - 1]}
  line_of count "$run/$name.restarts" || count=0
  printf '%s\n' $((count + 1)) >"$run/$name.restarts"
  supervise_say "$name (pid $pid) ended $how; starting it again in $delay s"
  sleep "$delay" &
  timer_of[$!]=$name
}
