# shellcheck shell=bash
# The Docker Engine: used as it is where it runs; started by systemd where there is one; else started and
# kept alive here, by a supervisor of its own that all clusters of the machine share.

readonly DOCKER_STATE=/var/lib/minik8s-docker
readonly DOCKER_SOCKET=/var/run/docker.sock

docker_up() {
  mkdir -p "$LOGS"
  docker_answers && return
  if [[ -d /run/systemd/system ]]; then
    as_root systemctl start docker >"$LOGS/dockerd.log" 2>&1 || fail "systemd could not start docker.service." "$LOGS/dockerd.log" \
      "look at: journalctl -u docker"
  else
    docker_start
  fi
  docker_await
}

docker_answers() { curl -sf -m 5 --unix-socket "$DOCKER_SOCKET" http://docker/_ping >/dev/null 2>&1; }

docker_version() {
  curl -sf -m 5 --unix-socket "$DOCKER_SOCKET" http://docker/version 2>/dev/null | sed -nE 's/.*"Version":"([^"]+)","ApiVersion".*/\1/p'
}

docker_start() {
  ((EUID == 0)) || fail "No Docker Engine answers on $DOCKER_SOCKET, and only root can start one." "" \
    "start dockerd as root and join the group docker, or run this command as root."
  if docker_refuses_connection; then
    fail "A Docker Engine holds $DOCKER_SOCKET but does not answer (is it stopped or hung?)." "" \
      "end that dockerd, then run the same command again."
  fi
  mkdir -p "$DOCKER_STATE/run" "$DOCKER_STATE/logs" "$DOCKER_STATE/homes"
  (
    flock 8
    process_alive "$DOCKER_STATE/run" dockerd && exit 0
    service_define "$DOCKER_STATE/run" dockerd "$BASH" "$MINIK8S" __dockerd
    supervisor_wake "$DOCKER_STATE/run" "$DOCKER_STATE/logs"
  ) 8>"$DOCKER_STATE/lock"
}

# Alive yet silent: a dockerd that another hand started and that hangs.
docker_refuses_connection() {
  local pid
  ! docker_ours && { line_of pid /var/run/docker.pid || [[ -n ${pid:-} ]]; } && process_is "$pid" dockerd
}

docker_ours() { [[ -f $DOCKER_STATE/run/services/dockerd ]]; }

docker_log() { if docker_ours; then printf '%s' "$DOCKER_STATE/logs/dockerd.log"; else printf '%s' "$LOGS/dockerd.log"; fi; }

docker_await() {
  local deadline=$((SECONDS + 60))
  if docker_ours; then
    ln -sfn "$DOCKER_STATE/logs/dockerd.log" "$LOGS/dockerd.log"
  fi
  until docker_answers; do
    if ((SECONDS >= deadline)) || docker_keeps_dying; then
      FAIL_LINES=6 fail "The Docker Engine does not come up on $DOCKER_SOCKET." "$(docker_log)" \
        "mend what the log names (disk space, iptables, cgroups, another dockerd), then run the same command again."
    fi
    sleep 0.1
  done
}

docker_keeps_dying() {
  local count
  docker_ours || return 1
  count=$(process_restarts "$DOCKER_STATE/run" dockerd)
  ((count - ${DOCKER_RESTARTS_BEFORE:=$count} >= 3))
}

# What the supervisor runs. Becomes dockerd, after clearing what a killed one leaves behind.
docker_exec() {
  local args=(--pidfile /var/run/docker.pid -H "unix://$DOCKER_SOCKET" --log-level warn)
  trap - ERR
  docker_forget_dead /var/run/docker.pid dockerd
  docker_forget_dead /var/run/docker/containerd/containerd.pid containerd
  # A setting given both by flag and by file is an error to dockerd; the file wins.
  grep -qs '"live-restore"' /etc/docker/daemon.json || args+=(--live-restore)
  if grep -qs '"hosts"' /etc/docker/daemon.json; then args=(--log-level warn); fi
  PATH=$PATH:/usr/sbin:/sbin exec dockerd "${args[@]}"
}

# A pid file whose process is gone, a zombie (nobody may be reaping) or another program blocks the next start.
docker_forget_dead() { # PIDFILE PROGRAM
  local pid
  # dockerd writes no newline, so that `read` fails and yet reads.
  line_of pid "$1" || [[ -n ${pid:-} ]] || return 0
  process_is "$pid" "$2" || rm -f "$1"
}

# Notes that this cluster needs the engine, so that the `down` of another leaves it running.
docker_use() { if docker_ours; then printf '%s\n' "$MINIK8S_HOME" >"$DOCKER_STATE/homes/$CLUSTER_ID"; fi; }

# A home that somebody removed by hand needs no engine any more.
docker_forget_gone() {
  local file home
  for file in "$DOCKER_STATE"/homes/*; do
    if line_of home "$file" && [[ ! -d $home ]]; then rm -f "$file"; fi
  done
}

# Stops the engine if it is ours and no other cluster needs it. Prints what happened.
docker_leave() {
  docker_ours || { printf 'left running: it was there before'; return; }
  rm -f "$DOCKER_STATE/homes/$CLUSTER_ID"
  docker_forget_gone
  if [[ -n $(ls -A "$DOCKER_STATE/homes" 2>/dev/null) ]]; then printf 'left running: another cluster uses it'; return; fi
  (
    flock 8
    service_undefine "$DOCKER_STATE/run" dockerd
    process_stop "$DOCKER_STATE/run" supervisor 5
    process_stop "$DOCKER_STATE/run" dockerd 30
  ) 8>"$DOCKER_STATE/lock"
  printf 'stopped'
}

docker_remove_containers() {
  local ids
  docker_answers || return 0
  ids=$(docker ps -aq --no-trunc --filter "label=io.minik8s.cluster=$CLUSTER_ID" 2>/dev/null) || true
  [[ -n $ids ]] || return 0
  # Many at once: removing is mostly waiting.
  xargs -r -n 4 -P 8 docker rm -f >/dev/null 2>&1 <<<"$ids" || true
  printf '%s' "$(wc -l <<<"$ids")"
}
