# shellcheck shell=bash
# Monitoring: cAdvisor and node-exporter on every node, Prometheus, and Grafana where its image can be had.
# Manifests and configuration are in deploy/monitoring/; docs/monitoring.md explains them.

readonly MONITORING=$DEPLOY/monitoring
readonly CADVISOR_IMAGE=ghcr.io/google/cadvisor:0.56.2 NODE_EXPORTER_IMAGE=prom/node-exporter:v1.8.2
# What Prometheus' pages are drawn with; its package only links to it.
readonly PROMETHEUS_PAGES="libjs-jquery libjs-bootstrap4 libjs-popper.js libjs-rickshaw libjs-d3 libjs-moment libjs-moment-timezone libjs-mustache libjs-jquery-hotkeys libjs-eonasdan-bootstrap-datetimepicker fonts-glyphicons-halflings"
readonly PROMETHEUS_IMAGE=prom/prometheus:v2.53.4 GRAFANA_IMAGE=grafana/grafana:10.4.2

addon_monitoring_ports() {
  printf 'PROMETHEUS_PORT 9090 45\nGRAFANA_PORT 3000 46\nETCD_METRICS_PORT 2381 47\n'
}

addon_monitoring_up() {
  local images=""
  monitoring_images
  monitoring_count_blocks
  progress "manifests"
  monitoring_daemons
  addon_apply monitoring <"$MONITORING/namespace.yaml"
  monitoring_exporters
  monitoring_prometheus
  monitoring_grafana
  progress "waiting for Prometheus"
  addon_await monitoring 120 "Prometheus is ready" curl -sf -m 2 "http://127.0.0.1:$PROMETHEUS_PORT/-/ready"
  [[ -z $images ]] || note "no registry answers: stand-ins were made from Debian's packages for$images"
  [[ -z ${GRAFANA_SKIPPED:-} ]] || note "Grafana is skipped: $GRAFANA_SKIPPED"
  ADDON_DETAIL="http://127.0.0.1:$PROMETHEUS_PORT"
}

addon_monitoring_next() {
  printf '  Prometheus: http://127.0.0.1:%s\n' "$PROMETHEUS_PORT"
  [[ -n ${GRAFANA_SKIPPED:-} ]] || printf '  Grafana: http://127.0.0.1:%s (admin, %s)\n' "$GRAFANA_PORT" "$MINIK8S_HOME/monitoring/grafana-password"
}

addon_monitoring_status() {
  if curl -sf -m 2 "http://127.0.0.1:$PROMETHEUS_PORT/-/ready" >/dev/null 2>&1; then
    printf 'monitoring: Prometheus at http://127.0.0.1:%s\n' "$PROMETHEUS_PORT"
  else printf 'monitoring: Prometheus is not ready\n'; fi
}

# The data stays in $MINIK8S_HOME/monitoring; `down --purge` takes it away.
addon_monitoring_remove() {
  addon_kubectl monitoring delete namespace monitoring --ignore-not-found || true
  addon_kubectl monitoring delete clusterrolebinding,clusterrole minik8s-prometheus --ignore-not-found || true
  addon_kubectl monitoring delete service -n kube-system -l app.kubernetes.io/part-of=minik8s --ignore-not-found || true
}

# On cgroup version 1 the kernel counts no container's block I/O before some cgroup had a limit on the disk; from then on it
# counts for all. So one container has a limit that nobody reaches, for the moment that it lives.
monitoring_count_blocks() {
  local disk parent
  [[ -e /sys/fs/cgroup/blkio/blkio.throttle.io_service_bytes ]] || return 0
  ! grep -q '[1-9]' /sys/fs/cgroup/blkio/docker/blkio.throttle.io_service_bytes 2>/dev/null || return 0
  disk=$(df --output=source "$(docker info -f '{{.DockerRootDir}}')" 2>/dev/null | tail -n 1)
  [[ -b $disk ]] || return 0
  parent=$(lsblk -ndo PKNAME "$disk" 2>/dev/null || true)
  [[ -z $parent ]] || disk=/dev/$parent
  docker run --rm --label "io.minik8s.cluster=$CLUSTER_ID" --network none --device-write-bps "$disk:100gb" minik8s/toolbox:1 true \
    >>"$LOGS/addon-monitoring.log" 2>&1 || true
}

# One Service for each daemon that listens on the loopback.
monitoring_daemons() {
  local DAEMON DAEMON_PORT DAEMON_SCHEME
  while read -r DAEMON DAEMON_PORT DAEMON_SCHEME; do
    [[ -n $DAEMON_PORT ]] || continue
    printf -- '---\n'
    addon_render "$MONITORING/daemon.yaml" DAEMON DAEMON_PORT DAEMON_SCHEME
  done < <(
    printf 'kube-scheduler %s https\nkube-controller-manager %s https\netcd %s http\n' \
      "$SCHEDULER_PORT" "$CONTROLLER_MANAGER_PORT" "$ETCD_METRICS_PORT"
    if addon_here gpu && [[ -n ${GPU_SERVER_PORT:-} ]]; then printf 'gpu-server %s https\n' "$GPU_SERVER_PORT"; fi
  ) | addon_apply monitoring
}

monitoring_exporters() {
  local DOCKER_ROOT
  DOCKER_ROOT=$(docker info -f '{{.DockerRootDir}}')
  {
    addon_render "$MONITORING/cadvisor.yaml" DOCKER_ROOT
    printf -- '---\n'
    cat "$MONITORING/node-exporter.yaml"
  } | addon_apply monitoring
}

monitoring_prometheus() {
  local dir=$MINIK8S_HOME/tmp/prometheus PROMETHEUS_NODE CONFIG_HASH file
  rm -rf "$dir" && mkdir -p "$dir" "$MINIK8S_HOME/monitoring/prometheus"
  # The image's user, who is nobody.
  as_root chown 65534:65534 "$MINIK8S_HOME/monitoring/prometheus"
  for file in "$MONITORING"/prometheus/*.yml; do
    addon_render "$file" API_PORT CLUSTER_ID PROMETHEUS_PORT >"$dir/${file##*/}"
  done
  if [[ -n $(docker image inspect -f '{{index .Config.Labels "io.minik8s.stand-in"}}' "$PROMETHEUS_IMAGE") ]]; then
    monitoring_discover_by_http "$dir/prometheus.yml"
  fi
  read -r PROMETHEUS_NODE < <(node_names)
  CONFIG_HASH=$(cat "$dir"/* | sha256sum | cut -c 1-16)
  {
    monitoring_config_map prometheus-config "$dir"/*
    printf -- '---\n'
    addon_render "$MONITORING/prometheus.yaml" PROMETHEUS_PORT PROMETHEUS_NODE CONFIG_HASH MINIK8S_HOME
  } | addon_apply monitoring
}

# Debian builds Prometheus without kubernetes_sd_configs; the controller-manager gives it the same targets and labels.
monitoring_discover_by_http() { # FILE
  sed -i -E -e 's/kubernetes_sd_configs:/http_sd_configs:/' \
    -e "s#^( *)- role: ([a-z]+)\$#\1- url: https://127.0.0.1:$CONTROLLER_MANAGER_PORT/discovery/\2\n\1  refresh_interval: 5s#" \
    -e '/^ *api_server:/d' "$1"
}

# Files as a ConfigMap of the namespace.
monitoring_config_map() { # NAME FILE…
  local file
  printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: monitoring}\ndata:\n' "$1"
  shift
  for file in "$@"; do
    printf '  %s: |\n' "${file##*/}"
    sed 's/^/    /' "$file"
  done
}

# Dashboards of our own, and two that many people know, as far as their site answers.
monitoring_grafana() {
  local dir=$MINIK8S_HOME/tmp/grafana password=$MINIK8S_HOME/monitoring/grafana-password CONFIG_HASH GRAFANA_PASSWORD
  GRAFANA_SKIPPED=""
  if ! image_exists "$GRAFANA_IMAGE" && ! monitoring_pull "$GRAFANA_IMAGE"; then
    GRAFANA_SKIPPED="no registry answers, there is no package of it to make a stand-in from, and \"docker image inspect $GRAFANA_IMAGE\" finds none"
    return
  fi
  rm -rf "$dir" && mkdir -p "$dir"/{provisioning,dashboards} "$MINIK8S_HOME/monitoring/grafana"
  as_root chown 472:0 "$MINIK8S_HOME/monitoring/grafana"
  [[ -s $password ]] || (umask 077 && od -An -N12 -tx1 /dev/urandom | tr -d ' \n' >"$password")
  addon_render "$MONITORING/grafana/datasource.yaml" PROMETHEUS_PORT >"$dir/provisioning/datasource.yaml"
  cp "$MONITORING/grafana/dashboards.yaml" "$dir/provisioning/"
  cp "$MONITORING"/dashboards/*.json "$dir/dashboards/"
  monitoring_fetch_dashboard 11277 1 "$dir/dashboards" || note "dashboard 11277 was not fetched: grafana.com does not answer"
  monitoring_fetch_dashboard 893 5 "$dir/dashboards" || note "dashboard 893 was not fetched: grafana.com does not answer"
  CONFIG_HASH=$(cat "$dir"/*/* | sha256sum | cut -c 1-16)
  GRAFANA_PASSWORD=$(base64 -w0 <"$password")
  {
    monitoring_config_map grafana-provisioning "$dir"/provisioning/*
    printf -- '---\n'
    monitoring_config_map grafana-dashboards "$dir"/dashboards/*
    printf -- '---\n'
    addon_render "$MONITORING/grafana.yaml" GRAFANA_PORT CONFIG_HASH GRAFANA_PASSWORD MINIK8S_HOME
  } | addon_apply monitoring
}

# Importing by hand asks for a data source; files cannot be asked, so the question is answered beforehand.
monitoring_fetch_dashboard() { # ID REVISION DIR
  local file=$3/grafana-com-$1.json
  curl -sfL -m 15 "https://grafana.com/api/dashboards/$1/revisions/$2/download" 2>/dev/null |
    sed -E 's/\$\{DS_(DS_)?PROMETHEUS\}/prometheus/g' >"$file" && [[ -s $file ]] && return
  rm -f "$file"
  return 1
}

monitoring_pull() { # IMAGE
  monitoring_registry || return 1
  progress "fetching $1"
  timeout 300 docker pull -q "$1" >>"$LOGS/addon-monitoring.log" 2>&1
}

# Asked once, with the smallest image that everybody has.
monitoring_registry() {
  if [[ -z ${REGISTRY:-} ]]; then
    progress "asking the registry"
    REGISTRY=silent
    ! timeout 15 docker pull -q hello-world:latest >/dev/null 2>&1 || REGISTRY=answers
  fi
  [[ $REGISTRY == answers ]]
}

# The images by their public names: what is here, else what a registry has, else a stand-in. Adds stand-ins to IMAGES.
monitoring_images() {
  local image
  for image in "$CADVISOR_IMAGE" "$NODE_EXPORTER_IMAGE" "$PROMETHEUS_IMAGE"; do
    image_exists "$image" && continue
    monitoring_pull "$image" && continue
    progress "stand-in for $image"
    case $image in
      "$CADVISOR_IMAGE") stand_in "$image" cadvisor bullseye /usr/bin/cadvisor /usr/bin/cadvisor 'ENTRYPOINT ["/usr/bin/cadvisor","-logtostderr"]' 'EXPOSE 8080' ;;
      "$NODE_EXPORTER_IMAGE") stand_in "$image" prometheus-node-exporter "" /usr/bin/prometheus-node-exporter /bin/node_exporter 'ENTRYPOINT ["/bin/node_exporter"]' 'USER 65534:65534' 'EXPOSE 9100' ;;
      "$PROMETHEUS_IMAGE") stand_in "$image" "prometheus $PROMETHEUS_PAGES" "" "/usr/bin/prometheus /usr/bin/promtool" "/bin/prometheus /bin/promtool" 'ENTRYPOINT ["/bin/prometheus"]' 'USER 65534:65534' 'WORKDIR /prometheus' 'EXPOSE 9090' ;;
    esac
    images+=" $image"
  done
}
