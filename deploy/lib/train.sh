# shellcheck shell=bash
# The class-data caches: what a JVM learns in one run, so that the next starts in half the time. Trained once per build, in the
# background and at the lowest priority, on a small cluster of its own. Nothing waits for it, nothing fails without it.

# Starts the training unless its result is there or another one is under way.
train_later() {
  if [[ -f $BUILD/daemons.aot && -f $BUILD/kubectl.aot ]] || [[ -n ${MINIK8S_NO_TRAINING:-} ]]; then return; fi
  setsid nice -n 19 "$BASH" "$MINIK8S" --home "$BUILD/training" __train "$BUILD" </dev/null >"$BUILD/training.log" 2>&1 9>&- &
  disown
}

# Waits until a training that is under way has ended.
train_wait() {
  if [[ -f $BUILD/training.lock ]]; then flock "$BUILD/training.lock" true; fi
}

# --- inside the background process ---

train() { # BUILD
  BUILD=$1
  exec 7>"$BUILD/training.lock"
  flock -n 7 || exit 0
  trap - ERR
  trap train_clean EXIT
  trap 'exit 1' TERM INT
  TRAINING=1 TRAIN=() CHANGED=()
  install_jdk
  config_up --no-build
  # Whoever started the engine may leave while this goes on.
  docker_up
  docker_use
  pki_all
  train_etcd
  daemon_apiserver
  daemon_scheduler
  daemon_controller_manager
  daemon_kubelet node-1 "$(kubelet_port 1)"
  train_daemons
}

train_etcd() {
  TRAIN=()
  daemon_etcd
  "${TRAIN[@]:1}" </dev/null >"$LOGS/etcd.log" 2>&1 7>&- &
  ETCD=$!
  TRAIN=()
  train_until 60 daemon_healthy etcd
}

# All daemons in one JVM, so that one cache knows the classes of all; its standard input tells it when to end.
train_daemons() {
  local feed java
  mkfifo "$MINIK8S_HOME/feed"
  "$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" -Xmx1g "-XX:AOTCacheOutput=$BUILD/daemons.aot.new" \
    -cp "$(build_classpath)" minik8s.launch.Training "${TRAIN[@]}" <"$MINIK8S_HOME/feed" >"$LOGS/training.log" 2>&1 7>&- &
  java=$!
  exec {feed}>"$MINIK8S_HOME/feed"
  train_until 120 node_ready node-1
  train_errands
  # The kubectl's own cache, while there is somebody to talk to.
  "$JAVA_HOME/bin/java" "${KUBECTL_FLAGS[@]}" "-XX:AOTCacheOutput=$BUILD/kubectl.aot.new" -cp "$(kubectl_classpath)" \
    minik8s.kubectl.Kubectl --kubeconfig "$MINIK8S_HOME/admin.conf" get pods -A || true
  train_keep kubectl
  exec {feed}>&-
  wait "$java"
  train_keep daemons
}

train_keep() { if [[ -s $BUILD/$1.aot.new ]]; then mv "$BUILD/$1.aot.new" "$BUILD/$1.aot"; fi; }

# A little of everything: what is done here is quick later.
train_errands() {
  local file errand
  for file in deployment.yaml deployment-v2.yaml configuration.yaml; do
    train_run apply -f "$SOURCE/docs/examples/$file"
  done
  train_run rollout status deployment/web --timeout=60s
  for errand in "get pods -o wide" "get deployment web -o yaml" "describe pod reader" "logs reader" "scale deployment web --replicas=1" "delete deployment web"; do
    # shellcheck disable=SC2086 # words on purpose
    train_run $errand
  done
}

train_run() {
  timeout 90 "$JAVA_HOME/bin/java" "${KUBECTL_FLAGS[@]}" -cp "$(kubectl_classpath)" minik8s.kubectl.Kubectl \
    --kubeconfig "$MINIK8S_HOME/admin.conf" "$@" || true
}

train_until() { # SECONDS COMMAND…
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || exit 1
    sleep 0.2
  done
}

train_clean() {
  local job
  trap - EXIT
  for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done
  wait
  docker_remove_containers >/dev/null || true
  docker_leave >/dev/null || true
  rm -rf "$MINIK8S_HOME" "$BUILD"/*.aot.new
}
