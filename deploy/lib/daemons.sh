# shellcheck shell=bash
# The command line of every daemon, its port, and how to ask it whether it is well.

# Small heaps, one collector thread. The API server alone keeps the optimizing compiler: it serves everybody.
# The class-data cache is mapped where it was made for, so that its pages stay shared between the daemons: moved to a random place, the
# default, each daemon rewrites 90 MB of it.
readonly CACHE_FLAGS=(-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0)
readonly JVM_FLAGS=(-XX:+UseSerialGC -XX:+UseCompactObjectHeaders "${CACHE_FLAGS[@]}" --enable-native-access=ALL-UNNAMED)

jvm() { # INITIAL_HEAP LARGEST_HEAP FLAGS…
  if [[ -n ${TRAINING:-} ]]; then JVM=(); return; fi
  JVM=("$JAVA_HOME/bin/java" "-Xms$1" "-Xmx$2" "${@:3}" "${JVM_FLAGS[@]}" -XX:+ExitOnOutOfMemoryError
    "-Djava.io.tmpdir=$MINIK8S_HOME/tmp")
  if [[ -f $BUILD/daemons.aot ]]; then JVM+=("-XX:AOTCache=$BUILD/daemons.aot"); fi
  JVM+=(-cp "$(build_classpath)")
}

daemon_etcd() {
  local client=https://127.0.0.1:$ETCD_PORT peer=https://127.0.0.1:$ETCD_PEER_PORT metrics=()
  # Its series hold no data, and whoever could ask its own port for them could ask it for everything.
  if addon_here monitoring; then metrics=(--listen-metrics-urls "http://127.0.0.1:$ETCD_METRICS_PORT"); fi
  daemon_define etcd etcd --name minik8s --data-dir "$MINIK8S_HOME/etcd" \
    --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "minik8s=$peer" \
    --cert-file "$PKI/etcd-server.crt" --key-file "$PKI/etcd-server.key" --client-cert-auth --trusted-ca-file "$PKI/etcd-ca.crt" \
    --peer-cert-file "$PKI/etcd-server.crt" --peer-key-file "$PKI/etcd-server.key" --peer-client-cert-auth --peer-trusted-ca-file "$PKI/etcd-ca.crt" \
    --auto-compaction-mode periodic --auto-compaction-retention 5m --quota-backend-bytes 4294967296 \
    --logger zap --log-level warn --log-outputs stderr ${metrics+"${metrics[@]}"}
}

daemon_apiserver() {
  # Room for the young: in 10 MB, what a request needs for a moment was taken for old, and never given back.
  jvm 80m 1g -Xmn48m
  daemon_define apiserver ${JVM+"${JVM[@]}"} minik8s.apiserver.ApiServer \
    --etcd-servers="https://127.0.0.1:$ETCD_PORT" --etcd-cafile="$PKI/etcd-ca.crt" \
    --etcd-certfile="$PKI/etcd-client.crt" --etcd-keyfile="$PKI/etcd-client.key" --etcd-prefix=/registry \
    --bind-address=0.0.0.0 --secure-port="$API_PORT" \
    --tls-cert-file="$PKI/apiserver.crt" --tls-private-key-file="$PKI/apiserver.key" --client-ca-file="$PKI/ca.crt" \
    --service-account-key-file="$PKI/sa.pub" --service-account-signing-key-file="$PKI/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc --service-cluster-ip-range=10.96.0.0/16 \
    --kubelet-certificate-authority="$PKI/ca.crt" --kubelet-client-certificate="$PKI/apiserver-kubelet-client.crt" \
    --kubelet-client-key="$PKI/apiserver-kubelet-client.key"
}

daemon_scheduler() {
  jvm 16m 512m -XX:TieredStopAtLevel=1
  daemon_serving scheduler "$SCHEDULER_PORT"
  daemon_define scheduler ${JVM+"${JVM[@]}"} minik8s.scheduler.Scheduler --leader-elect=true "${SERVING[@]}"
}

daemon_controller_manager() {
  jvm 16m 512m -XX:TieredStopAtLevel=1
  daemon_serving controller-manager "$CONTROLLER_MANAGER_PORT"
  daemon_define controller-manager ${JVM+"${JVM[@]}"} minik8s.controller.ControllerManager --leader-elect=true \
    --service-account-private-key-file="$PKI/sa.key" --root-ca-file="$PKI/ca.crt" \
    --local-path-dir="$MINIK8S_HOME/volumes" "${SERVING[@]}"
}

daemon_kubelet() { # NODE PORT
  local root=$MINIK8S_HOME/kubelet/$1
  mkdir -p "$root"
  jvm 16m 256m -XX:TieredStopAtLevel=1
  daemon_define "kubelet-$1" ${JVM+"${JVM[@]}"} minik8s.kubelet.Kubelet \
    --kubeconfig="$MINIK8S_HOME/kubelet-$1.conf" --hostname-override="$1" --node-ip=127.0.0.1 --address=127.0.0.1 --port="$2" \
    --root-dir="$root" --container-runtime-endpoint="unix://$DOCKER_SOCKET" --pod-infra-container-image="$PAUSE_IMAGE" \
    --cluster-id="$CLUSTER_ID" --client-ca-file="$PKI/ca.crt" --pod-manifest-path="$root/manifests" \
    --eviction-hard='memory.available<100Mi,nodefs.available<2%,imagefs.available<2%,pid.available<5%' \
    --tls-cert-file="$PKI/kubelet-$1.crt" --tls-private-key-file="$PKI/kubelet-$1.key"
}

# The flags that scheduler and controller-manager share.
daemon_serving() { # NAME PORT
  SERVING=("--kubeconfig=$MINIK8S_HOME/$1.conf" --bind-address=127.0.0.1 "--secure-port=$2"
    "--tls-cert-file=$PKI/$1.crt" "--tls-private-key-file=$PKI/$1.key" "--client-ca-file=$PKI/ca.crt")
}

# Writes the definition; a daemon that runs under another one is ended, and its supervisor starts it anew.
daemon_define() { # NAME COMMAND…
  local name=$1 before="" now
  if [[ -n ${TRAINING:-} ]]; then TRAIN+=(-- "${@:2}"); return; fi
  line_of before "$RUN/services/$name" || true
  if [[ -z $before ]]; then rm -f "$RUN/$name.restarts"; fi
  service_define "$RUN" "$@"
  line_of now "$RUN/services/$name"
  if [[ -n $before && $(daemon_essence "$before") != "$(daemon_essence "$now")" ]] && process_alive "$RUN" "$name"; then
    CHANGED+=("$name")
    kill -TERM "$(process_pid "$RUN" "$name")" 2>/dev/null || true
  fi
}

# A command line without its class-data cache, which makes a start quicker and changes nothing else.
daemon_essence() { sed -E 's/-XX:AOTCache=[^ ]+ //' <<<"$1"; }

# The daemons of this cluster, in the order in which they depend on each other.
daemon_names() {
  local node
  printf '%s\n' etcd apiserver scheduler controller-manager
  for node in $(node_names); do printf 'kubelet-%s\n' "$node"; done
}

daemon_port() { # NAME
  local i=0 node
  case $1 in
    etcd) printf '%s' "$ETCD_PORT" ;;
    apiserver) printf '%s' "$API_PORT" ;;
    scheduler) printf '%s' "$SCHEDULER_PORT" ;;
    controller-manager) printf '%s' "$CONTROLLER_MANAGER_PORT" ;;
    kubelet-*)
      for node in $(node_names); do
        i=$((i + 1))
        if [[ $1 == "kubelet-$node" ]]; then kubelet_port "$i"; fi
      done ;;
  esac
}

# Succeeds when the daemon says that it is ready to serve.
daemon_healthy() { # NAME
  case $1 in
    etcd) curl -sf -m 2 --cacert "$PKI/etcd-ca.crt" --cert "$PKI/etcd-client.crt" --key "$PKI/etcd-client.key" \
      "https://127.0.0.1:$ETCD_PORT/health" 2>/dev/null | grep -q '"health":"true"' ;;
    apiserver) curl -sf -m 2 --cacert "$PKI/ca.crt" "https://127.0.0.1:$API_PORT/readyz" >/dev/null 2>&1 ;;
    *) curl -sf -m 2 --cacert "$PKI/ca.crt" "https://127.0.0.1:$(daemon_port "$1")/healthz" >/dev/null 2>&1 ;;
  esac
}

# Reads or changes the API as its administrator, without waiting for a JVM.
api() { # PATH CURL_ARGS…
  local path=$1
  shift
  curl -sf -m 5 --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key" "$@" "https://127.0.0.1:$API_PORT$path"
}

node_ready() { # NODE
  api "/api/v1/nodes/$1" 2>/dev/null | tr -d "\n" | grep -oE '\{[^{}]*"type" *: *"Ready"[^{}]*\}' | grep -qE '"status" *: *"True"'
}
