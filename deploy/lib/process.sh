# shellcheck shell=bash
# Processes by pid: who is alive, who holds a port. A pid counts only together with its start time, so that
# a recycled pid is never taken for ours.

# Reads a file's only line; fails quietly when there is none. (`$(<missing)` would end a shell under `set -e`.)
line_of() { # VARIABLE FILE
  IFS= read -r "$1" 2>/dev/null <"$2"
}

# How often the supervisor had to start a service again.
process_restarts() { # RUNDIR NAME
  local restarts
  line_of restarts "$1/$2.restarts" || restarts=0
  printf '%s' "$restarts"
}

# Field 22 of /proc/PID/stat (clock ticks since boot); nothing for a process that is gone or a zombie.
process_start() { # PID
  local stat
  line_of stat "/proc/$1/stat" || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086 # split on purpose: state is field 3, start time field 22
  set -- $stat
  [[ $1 != Z && $1 != X ]] || return 1
  printf '%s' "${20}"
}

process_is() { # PID PROGRAM
  local comm
  process_start "$1" >/dev/null && line_of comm "/proc/$1/comm" && [[ $comm == "$2" ]]
}

process_remember() { # RUNDIR NAME PID
  local start
  start=$(process_start "$3") || start=0
  printf '%s\n' "$start" >"$1/$2.start"
  printf '%s\n' "$3" >"$1/$2.pid"
}

# Prints the pid of a service that is alive; fails when it is not.
process_pid() { # RUNDIR NAME
  local pid start
  line_of pid "$1/$2.pid" && line_of start "$1/$2.start" || return 1
  [[ -n $pid && $(process_start "$pid") == "$start" ]] || return 1
  printf '%s' "$pid"
}

process_alive() { process_pid "$1" "$2" >/dev/null; }

process_forget() { rm -f "$1/$2.pid" "$1/$2.start" "$1/$2.restarts"; }

# Waits until a process ends, at most SECONDS; fails when it is still there.
process_await_end() { # PID STARTTIME SECONDS
  local deadline=$((SECONDS + $3))
  while [[ $(process_start "$1") == "$2" ]]; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# TERM, patience, KILL. Quiet when there is nothing to stop.
process_stop() { # RUNDIR NAME SECONDS
  local pid start
  if pid=$(process_pid "$1" "$2"); then
    line_of start "$1/$2.start" || start=0
    kill -TERM "$pid" 2>/dev/null || true
    if ! process_await_end "$pid" "$start" "$3"; then
      kill -KILL "$pid" 2>/dev/null || true
      process_await_end "$pid" "$start" 5 || note "$2 (pid $pid) does not end, not even by kill -9"
    fi
  fi
  process_forget "$1" "$2"
}

port_free() { # PORT
  if command -v ss >/dev/null; then
    [[ -z $(ss -ltnH "sport = :$1" 2>/dev/null) ]]
  else
    local hex
    hex=$(printf '%04X' "$1")
    ! grep -qhE "^ *[0-9]+: [0-9A-F]+:$hex [0-9A-F]+:[0-9A-F]+ 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null
  fi
}

# "java (pid 123)", as far as this user may know.
port_holder() { # PORT
  local holder=""
  if command -v ss >/dev/null; then
    holder=$(ss -ltnpH "sport = :$1" 2>/dev/null | sed -nE 's/.*users:\(\("([^"]+)",pid=([0-9]+).*/\1 (pid \2)/p' | head -n 1)
  fi
  printf '%s' "${holder:-a process of another user}"
}
