# What the gpu-server does on the login host, each step one verb. Arguments are paths below the base directory and
# numbers, checked before they get here. Every verb may be asked again after a death at any point.

set -u
export LC_ALL=C SLURM_TIME_FORMAT=%s

# A whole file or none, also on a full disk.
keep() { # FILE TEXT
  printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1"
}

verb_probe() {
  sbatch --version || exit
  printf 'uid %s\n' "$(id -u)"
  sinfo -h -o '%R|%a|%l|%D|%G'
}

# The upload becomes the working directory once every checksum is right.
verb_verify() { # DIRECTORY
  cd "$1/work.new" || exit
  if [[ -s ../manifest.sha256 ]]; then sha256sum --check --quiet --strict ../manifest.sha256 || exit; fi
  rm -rf "$1/work" && mv -T "$1/work.new" "$1/work"
}

# Goes on without us; its end is a mark.
verb_compile() { # DIRECTORY SECONDS
  cd "$1" || exit
  setsid nohup timeout -k 15 "$2" bash ./compile.sh </dev/null >/dev/null 2>&1 &
}

# At most one sbatch: whoever makes the directory submits, and keeps it unless it is certain that there is no job.
verb_submit() { # DIRECTORY
  trap '' HUP PIPE
  cd "$1" || exit
  if [[ -s jobid ]]; then printf 'ACCEPTED\n%s\n' "$(<jobid)"; exit 0; fi
  if ! mkdir submit.lock 2>submit.err; then
    if [[ -d submit.lock ]]; then echo LOCKED; exit 0; fi
    printf 'FAILED\n%s\n' "$(<submit.err)"
    exit 0
  fi
  local answer code
  answer=$(timeout -k 5 120 sbatch --parsable job.sh 2>&1 </dev/null)
  code=$?
  if ((code != 0)); then printf 'FAILED %s\n%s\n' "$code" "$answer"; exit 0; fi
  keep jobid "$(grep -E '^[0-9]+(;.*)?$' <<<"$answer" | tail -n 1)"
  printf 'ACCEPTED\n%s\n' "$answer"
}

verb_lock() { # DIRECTORY
  mkdir -p "$1" || exit
  if mkdir "$1/submit.lock" 2>/dev/null; then echo FREE; elif [[ -d $1/submit.lock ]]; then echo HELD; else exit 1; fi
}

verb_unlock() { # DIRECTORY
  if [[ -s $1/jobid ]]; then exit 0; fi
  if [[ -d $1/submit.lock ]]; then rmdir "$1/submit.lock"; fi
}

# The queue knows at once, the accounting for long; only both together can say that there is none.
verb_find() { # NAME DAYS
  squeue --local -h -t all -n "$1" -u "$(id -un)" -o '%i|%T|%r|%V|%S|%N|%j' || exit 70
  echo ACCOUNTING
  sacct -X -n -P -S "now-$2days" --name "$1" --format="$3" || exit 71
}

verb_accounting() { # IDS DAYS FORMAT
  sacct -X -n -P -S "now-$2days" -j "$1" --format="$3" || exit 71
}

# Without --local it would also ask about a federation.
verb_queue() {
  squeue --local -h -u "$(id -un)" -o '%i|%T|%r|%V|%S|%N|%j' || exit 70
}

verb_cancel() { # ID
  scancel "$1"
}

verb_remove() { # DIRECTORY MARKS UID
  rm -rf "$1" || exit
  rm -f "$2/$3"-*
}

"verb_$1" "${@:2}"
