# shellcheck shell=bash
# One supervisor per state directory: keeps every service in run/services alive, restarting with back-off.
# It waits for children and signals, never polls. It may die without harm: services live on, `up` starts another, and
# that one adopts them.

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

supervise() { # RUNDIR LOGDIR
  local run=$1 logs=$2 pid rc idle
  local -A name_of=() timer_of=() stand_in=() since=() failures=()
  local woken=1
  trap - ERR
  set +eE
  trap 'woken=1' HUP
  # Asked to end, it takes its own helpers along and leaves the services alone.
  trap 'kill "$idle" "${!timer_of[@]}" "${!stand_in[@]}" 2>/dev/null; exit 0' TERM INT
  # `wait` needs a child that never ends, or it would return at once while nothing runs.
  sleep infinity &
  idle=$!
  while :; do
    if [[ -n $woken ]]; then
      woken=""
      supervise_scan
    fi
    pid=""
    wait -n -p pid
    rc=$?
    if [[ -z ${pid:-} || $pid == "$idle" ]]; then continue; fi
    if [[ -n ${timer_of[$pid]:-} ]]; then
      local due=${timer_of[$pid]}
      unset "timer_of[$pid]"
      [[ -f $run/services/$due ]] && supervise_start "$due"
    elif [[ -n ${name_of[$pid]:-} ]]; then
      supervise_ended "${name_of[$pid]}" "$pid" "$rc"
    fi
  done
}

supervise_say() { printf '%s %s\n' "$(date -u +%FT%T.%3NZ)" "$1"; }

# Starts what is defined and neither running nor about to be.
supervise_scan() {
  local name known
  for name in $(service_names "$run"); do
    for known in "${name_of[@]}" "${timer_of[@]}"; do [[ $known == "$name" ]] && continue 2; done
    if process_alive "$run" "$name"; then supervise_adopt "$name"; else supervise_start "$name"; fi
  done
}

# A service of an earlier supervisor is nobody's child here: a `tail` that ends with it stands in for it.
supervise_adopt() {
  local pid
  pid=$(process_pid "$run" "$1")
  tail --pid="$pid" -f /dev/null &
  name_of[$!]=$1
  stand_in[$!]=$1
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

supervise_ended() {
  local name=$1 pid=$2 rc=$3 how delay count=0
  unset "name_of[$pid]" "stand_in[$pid]"
  if [[ ! -f $run/services/$name ]]; then
    supervise_say "$name ended, as asked"
    return
  fi
  if ((EPOCHSECONDS - since[$name] >= HEALTHY_AFTER)); then failures[$name]=0; fi
  count=${failures[$name]:-0}
  failures[$name]=$((count + 1))
  delay=${RESTART_DELAYS[count < ${#RESTART_DELAYS[@]} ? count : ${#RESTART_DELAYS[@]} - 1]}
  how="exit code $rc"
  ((rc > 128)) && how="signal $((rc - 128))"
  printf '%s\n' $(($(process_restarts "$run" "$name") + 1)) >"$run/$name.restarts"
  supervise_say "$name (pid $pid) ended by $how; starting it again in $delay s"
  sleep "$delay" &
  timer_of[$!]=$name
}
