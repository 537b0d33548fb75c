# shellcheck shell=bash
# A whole cluster: up, down, status, logs.

cluster_up() {
  local started
  started=$(ui_now)
  config_up "$@"
  exec 9>"$MINIK8S_HOME/lock"
  flock -n 9 || { note "another minik8s command works on $MINIK8S_HOME; waiting for it"; flock 9; }
  CHANGED=()

  begin "Preflight"
  cluster_preflight
  done_ "$(uname -m), $(cluster_disk_free) GB free"

  begin "Programs"
  install_all
  done_ "JDK $(jdk_version "$JAVA_HOME"), etcd, Docker"

  begin "Build"
  build_up "$WANT_BUILD"
  printf '%s\n' "$BUILD" >"$MINIK8S_HOME/build"
  done_ "$BUILD_DETAIL"

  begin "Keys and certificates"
  pki_all
  done_ "$( ((PKI_MADE)) && printf '%d made' "$PKI_MADE" || printf 'as before')"

  # etcd and dockerd come up side by side; the JVMs follow as soon as there is something to talk to.
  daemon_etcd
  supervisor_wake "$RUN" "$LOGS"
  begin "Docker Engine"
  docker_up
  docker_use
  done_ "$(docker_version)$(if docker_ours; then printf ', kept alive by minik8s'; fi)"

  begin "etcd"
  cluster_await etcd
  done_ "https://127.0.0.1:$ETCD_PORT"

  begin "API server"
  daemon_apiserver
  supervisor_wake "$RUN" "$LOGS"
  cluster_images
  cluster_await apiserver
  done_ "https://127.0.0.1:$API_PORT"

  begin "Scheduler, controller-manager, $NODES kubelet$( ((NODES == 1)) || printf s)"
  cluster_start_clients
  cluster_await scheduler
  cluster_await controller-manager
  done_

  begin "Ready"
  cluster_await_nodes
  done_ "$NODES node$( ((NODES == 1)) || printf s)"
  addons_up
  cluster_next "$started"
  train_later
}

# Images are checked while the API server starts, but shown as a step of their own.
cluster_images() {
  local step=$STEP start=$STEP_START
  begin "Images"
  images_all
  if [[ -n $IMAGES_MADE ]]; then done_ "made$IMAGES_MADE"; else done_ "as before"; fi
  [[ -z $STAND_INS ]] || note "no registry answers: small stand-ins were made for$STAND_INS"
  begin "$step"
  STEP_START=$start
}

cluster_start_clients() {
  local node i=0
  daemon_scheduler
  daemon_controller_manager
  for node in $(node_names); do
    i=$((i + 1))
    daemon_kubelet "$node" "$(kubelet_port "$i")"
  done
  cluster_drop_surplus_nodes
  supervisor_wake "$RUN" "$LOGS"
}

# Kubelets beyond --nodes N: ended, their containers and Node objects removed.
cluster_drop_surplus_nodes() {
  local name
  for name in $(service_names "$RUN"); do
    # shellcheck disable=SC2046 # a word each
    if [[ $name == kubelet-* ]] && ! is_among "$name" $(daemon_names); then
      service_undefine "$RUN" "$name"
      process_stop "$RUN" "$name" 10
      api "/api/v1/nodes/${name#kubelet-}" -X DELETE >/dev/null 2>&1 || true
      note "node ${name#kubelet-} is no longer asked for: its kubelet is stopped and the node deleted"
    fi
  done
}

cluster_preflight() {
  local name port
  case $(uname -sm) in
    "Linux x86_64" | "Linux aarch64") ;;
    *) fail "This is $(uname -sm); Minik8s runs on Linux, x86_64 or aarch64." "" "use such a machine or a virtual one." ;;
  esac
  [[ $MINIK8S_HOME != *[[:space:]]* ]] || fail "\"$MINIK8S_HOME\" holds a space." "" "choose another --home."
  if (($(cluster_disk_free) < 1)); then
    fail "Less than 1 GB is free under $MINIK8S_HOME." "" "make room there, or choose another place with --home."
  fi
  for name in $(daemon_names); do
    port=$(daemon_port "$name")
    if ! process_alive "$RUN" "$name" && ! port_free "$port"; then
      # A daemon that was just killed may be coming back under its supervisor.
      sleep 0.3
      process_alive "$RUN" "$name" && continue
      fail "Port $port, which $name needs, is held by $(port_holder "$port")." "" \
        "end that process, or give this cluster other ports: deploy/minik8s up --port-base 21000 (or --${name%%-node*}-port)."
    fi
  done
}

cluster_disk_free() { df -P -BG "$MINIK8S_HOME" | awk 'NR == 2 { sub("G", "", $4); print $4 }'; }

# Waits until a daemon is well; gives up when it keeps dying or stays silent for 90 s.
cluster_await() { # NAME
  local name=$1 deadline=$((SECONDS + 90)) before
  before=$(process_restarts "$RUN" "$name")
  until daemon_healthy "$name"; do
    if (($(process_restarts "$RUN" "$name") - before >= 3)); then
      fail "$name ends as soon as it is started." "$LOGS/$name.log" "mend what the log names, then run the same command again; deploy/minik8s doctor may know more."
    fi
    if ((SECONDS >= deadline)); then
      fail "$name does not say that it is well within 90 s." "$LOGS/$name.log" "see also: deploy/minik8s doctor"
    fi
    sleep 0.1
  done
}

cluster_await_nodes() {
  local node deadline=$((SECONDS + 90))
  for node in $(node_names); do
    until node_ready "$node"; do
      if ((SECONDS >= deadline)); then
        fail "Node $node is not Ready within 90 s." "$LOGS/kubelet-$node.log" "see also: deploy/minik8s kubectl describe node $node"
      fi
      sleep 0.1
    done
  done
}

cluster_next() { # STARTED
  printf '%sThe cluster is up%s after %s.\n' "$BOLD" "$RESET" "$(ui_seconds $(($(ui_now) - $1)))"
  ((${#CHANGED[@]} == 0)) || printf '  Started anew, for their build or flags had changed: %s\n' "${CHANGED[*]}"
  printf '  export KUBECONFIG=%s\n' "$MINIK8S_HOME/admin.conf"
  printf '  %s kubectl get nodes\n' "$(cluster_self)"
  addons_each next
}

# The launcher as the user would type it from here.
cluster_self() {
  local self
  self=$(realpath --relative-to=. "$MINIK8S")
  [[ $self == ../* ]] && self=$MINIK8S
  printf '%s' "$self"
  [[ $MINIK8S_HOME == "$(readlink -m "$HOME/.minik8s")" ]] || printf ' --home %s' "$MINIK8S_HOME"
}

cluster_down() {
  local purge="" name removed
  while (($#)); do
    case $1 in
      --purge) purge=1 ;;
      *) die "down does not take \"$1\". Try: deploy/minik8s help" ;;
    esac
    shift
  done
  if ! config_load; then
    printf 'There is no cluster in %s.\n' "$MINIK8S_HOME"
    return
  fi
  exec 9>"$MINIK8S_HOME/lock"
  flock 9
  addons_each down
  begin "Daemons"
  process_stop "$RUN" supervisor 5
  # Kubelets first, for they would start again what is removed; the API server outlives those who write to it.
  for name in $(service_names "$RUN"); do
    case $name in
      apiserver | etcd) ;;
      *) process_stop "$RUN" "$name" 15 & ;;
    esac
  done
  wait
  process_stop "$RUN" apiserver 15
  process_stop "$RUN" etcd 15
  rm -rf "$RUN" "$MINIK8S_HOME/tmp"
  mkdir -p "$RUN/services"
  done_ "stopped"
  begin "Containers"
  removed=$(docker_remove_containers)
  cluster_unmount
  done_ "${removed:-0} removed"
  begin "Docker Engine"
  done_ "$(docker_leave)"
  if [[ -n $purge ]]; then
    begin "State"
    # Only what is certainly a cluster's: config_load succeeded.
    rm -rf "$MINIK8S_HOME"
    done_ "$MINIK8S_HOME removed"
  fi
}

# In-memory volumes of pods are mounts, which outlive the kubelet that made them and keep their folders from being removed.
cluster_unmount() {
  local place
  while read -r place; do
    as_root umount "$place" 2>/dev/null || note "$place stays mounted"
  done < <(awk -v home="$MINIK8S_HOME/" 'index($2, home) == 1 { print $2 }' /proc/mounts | sort -r)
}

cluster_status() {
  local name pid state health restarts
  config_need
  printf '%-22s %-8s %-9s %-10s %8s %7s %8s  %s\n' DAEMON PID STATE UP MEMORY PORT RESTARTS HEALTH
  for name in supervisor dockerd $(daemon_names); do
    local run=$RUN up=- memory=- port health=-
    [[ $name == dockerd ]] && run=$DOCKER_STATE/run
    port=$(daemon_port "$name")
    state=stopped pid=-
    restarts=$(process_restarts "$run" "$name")
    if pid=$(process_pid "$run" "$name"); then
      state=running
      up=$(ps -o etime= -p "$pid" | tr -d ' ')
      memory="$(awk '/^VmRSS/ { printf "%d MB", $2 / 1024 }' "/proc/$pid/status")"
    else
      pid=-
    fi
    case $name in
      supervisor) health=- ;;
      dockerd)
        health=silent
        if docker_answers; then health=ok; fi
        if ! docker_ours && [[ $health == ok ]]; then state=foreign; fi ;;
      *) if [[ $state == running ]]; then
        health="not ready"
        if daemon_healthy "$name"; then health=ok; fi
      fi ;;
    esac
    printf '%-22s %-8s %-9s %-10s %8s %7s %8s  %s\n' "$name" "$pid" "$state" "$up" "$memory" "${port:--}" "$restarts" "$health"
  done
  printf '\n'
  for name in $(node_names); do
    if node_ready "$name"; then printf 'node %s: Ready\n' "$name"; else printf 'node %s: not ready\n' "$name"; fi
  done
  addons_each status
  printf '\nhome %s, cluster %s\n' "$MINIK8S_HOME" "$CLUSTER_ID"
  daemon_healthy apiserver || exit 1
}

cluster_logs() {
  local name="" follow=() arg file
  config_need
  for arg in "$@"; do
    case $arg in
      -f | --follow) follow=(-F) ;;
      -*) die "logs has no flag $arg. Try: deploy/minik8s help" ;;
      *) name=$arg ;;
    esac
  done
  [[ $name == kubelet ]] && name=kubelet-node-1
  file=$LOGS/$name.log
  [[ -n $name && -f $file ]] || die "there is no log of \"$name\". There are: $(cd "$LOGS" && printf '%s ' *.log | sed 's/\.log//g')"
  exec tail -n "${LINES_SHOWN:-200}" ${follow+"${follow[@]}"} "$file"
}

# A command that ends in a moment wants a start without frills.
readonly KUBECTL_FLAGS=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms16m -Xmx512m "${CACHE_FLAGS[@]}" --enable-native-access=ALL-UNNAMED)

# Our kubectl, with this cluster's credentials unless the caller brings others.
run_kubectl() {
  config_need
  install_jdk
  if ! line_of BUILD "$MINIK8S_HOME/build" || [[ ! -d $BUILD/lib ]]; then BUILD=$(build_newest); fi
  [[ -n $BUILD ]] || die "nothing has been built. Run: deploy/minik8s up"
  export KUBECONFIG=$MINIK8S_HOME/admin.conf
  if [[ -f $BUILD/kubectl.aot ]]; then set -- "-XX:AOTCache=$BUILD/kubectl.aot" -cp "$(kubectl_classpath)" minik8s.kubectl.Kubectl "$@"; else
    set -- -cp "$(kubectl_classpath)" minik8s.kubectl.Kubectl "$@"
  fi
  exec "$JAVA_HOME/bin/java" "${KUBECTL_FLAGS[@]}" "$@"
}
