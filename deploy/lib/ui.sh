# shellcheck shell=bash
# What the user sees: one line per step with its time, and one paragraph per failure.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  UI_TTY=1 GREEN=$'\e[32m' RED=$'\e[31m' YELLOW=$'\e[33m' DIM=$'\e[2m' BOLD=$'\e[1m' RESET=$'\e[0m' CLEAR=$'\r\e[K'
else
  UI_TTY="" GREEN="" RED="" YELLOW="" DIM="" BOLD="" RESET="" CLEAR=""
fi

STEP="" STEP_START=0

# Microseconds of the monotonic-enough wall clock, for showing durations only.
ui_now() { local t=${EPOCHREALTIME/[.,]/}; printf '%s' "$t"; }

ui_seconds() { # MICROSECONDS → "1.2 s"
  printf '%d.%d s' $(($1 / 1000000)) $(($1 % 1000000 / 100000))
}

# Begins the step that the next `done_` or `fail` ends.
begin() {
  STEP=$1
  STEP_START=$(ui_now)
  [[ -z $UI_TTY ]] || printf '%s  %s …' "$CLEAR" "$STEP"
}

# Shows how far a long step is. In a pipe each text gets a line of its own.
progress() {
  if [[ -n $UI_TTY ]]; then
    printf '%s  %s … %s%s%s' "$CLEAR" "$STEP" "$DIM" "$1" "$RESET"
  else
    printf '    … %s\n' "$1"
  fi
}

done_() { # [DETAIL]
  local took
  took=$(ui_seconds $(($(ui_now) - STEP_START)))
  printf '%s%s✓%s %s%s %s(%s)%s\n' "$CLEAR" "$GREEN" "$RESET" "$STEP" "${1:+: $1}" "$DIM" "$took" "$RESET"
  STEP=""
}

note() { printf '%s%s!%s %s\n' "$CLEAR" "$YELLOW" "$RESET" "$1"; }

# Ends with exit code 1, saying what failed, why, where to read more and what to do.
fail() { # WHY [LOG] [ADVICE]
  local why=$1 log=${2:-} advice=${3:-}
  printf '%s' "$CLEAR"
  {
    printf '%s✗ %s%s\n' "$RED" "${STEP:-minik8s} failed" "$RESET"
    printf '  %s\n' "$why"
    if [[ -n $log && -s $log ]]; then
      printf '  The last lines of its log, %s:\n' "$log"
      tail -n "${FAIL_LINES:-8}" "$log" | cut -c 1-500 | sed 's/^/    | /'
    fi
    [[ -z $advice ]] || printf '  What to do: %s\n' "$advice"
  } >&2
  exit 1
}

die() {
  printf '%sminik8s: %s%s\n' "$RED" "$1" "$RESET" >&2
  exit 1
}

# A failure that no step foresaw still names its step and its place.
ui_unexpected() { # LINE COMMAND
  printf '%s%s✗ %s failed%s: "%s" (line %s of %s)\n' \
    "$CLEAR" "$RED" "${STEP:-minik8s}" "$RESET" "$2" "$1" "${BASH_SOURCE[1]##*/}" >&2
}
set -E
trap 'ui_unexpected "$LINENO" "$BASH_COMMAND"' ERR
