# shellcheck shell=bash
# Checks the machine and the cluster without changing either; each fault comes with what to do.

DOCTOR_FAULTS=0

doctor_good() { printf '%s✓%s %s\n' "$GREEN" "$RESET" "$1"; }
doctor_bad() { # WHAT ADVICE
  DOCTOR_FAULTS=$((DOCTOR_FAULTS + 1))
  printf '%s✗%s %s\n    → %s\n' "$RED" "$RESET" "$1" "$2"
}

doctor() {
  doctor_machine
  if config_load; then doctor_cluster; else doctor_good "no cluster in $MINIK8S_HOME yet (deploy/minik8s up makes one)"; fi
  printf '\n'
  if ((DOCTOR_FAULTS)); then printf '%d to mend.\n' "$DOCTOR_FAULTS"; exit 1; fi
  printf 'Nothing to mend.\n'
}

doctor_machine() {
  local program package free place
  case $(uname -sm) in
    "Linux x86_64" | "Linux aarch64") doctor_good "$(uname -sm), $(nproc) cores, $(awk '/^MemTotal/ { printf "%d", $2 / 1048576 }' /proc/meminfo) GB of memory" ;;
    *) doctor_bad "$(uname -sm) is not Linux on x86_64 or aarch64" "use such a machine, or a virtual one" ;;
  esac
  for program in etcd:etcd-server dockerd:docker.io docker:docker-cli openssl:openssl curl:curl busybox:busybox-static ss:iproute2; do
    package=${program#*:} program=${program%%:*}
    if PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null; then doctor_good "$program"; else
      doctor_bad "$program is missing" "deploy/minik8s up installs it, or: apt-get install $package"
    fi
  done
  if (install_jdk) >/dev/null 2>&1; then install_jdk; doctor_good "JDK $(jdk_version "$JAVA_HOME") in $JAVA_HOME"; else
    doctor_bad "no JDK $JDK_NEEDED or newer" "install one (such as temurin-$JDK_NEEDED-jdk) or set JAVA_HOME"
  fi
  place=$MINIK8S_HOME
  while [[ ! -d $place ]]; do place=$(dirname "$place"); done
  free=$(df -P -BM "$place" | awk 'NR == 2 { sub("M", "", $4); print $4 }')
  if ((free > 3000)); then doctor_good "$((free / 1024)) GB free under $place"; else
    doctor_bad "only $free MB free under $place" "make room; a build, its caches and etcd want 3 GB"
  fi
  if docker_answers; then
    doctor_good "Docker Engine $(docker_version) answers"
    if [[ ! -d /sys/class/net/docker0 ]]; then
      doctor_bad "the Docker Engine's bridge docker0 is gone, so that no pod can start" "restart the Docker Engine: it makes a new one"
    fi
  elif ((EUID != 0)) && [[ -S $DOCKER_SOCKET && ! -w $DOCKER_SOCKET ]]; then
    doctor_bad "this user may not use $DOCKER_SOCKET" "add it to the group docker and log in again, or work as root"
  elif docker_ours; then
    doctor_bad "the Docker Engine is silent" "look at: deploy/minik8s logs dockerd"
  else doctor_good "no Docker Engine runs; deploy/minik8s up starts one"; fi
}

doctor_cluster() {
  local name port
  if process_alive "$RUN" supervisor; then doctor_good "supervisor runs"; else
    doctor_bad "no supervisor: a daemon that dies stays dead" "deploy/minik8s up starts one"
  fi
  for name in $(daemon_names); do
    port=$(daemon_port "$name")
    if ! process_alive "$RUN" "$name"; then
      if port_free "$port"; then doctor_bad "$name does not run" "deploy/minik8s up starts it; why it ended: deploy/minik8s logs $name"; else
        doctor_bad "$name does not run, and its port $port is held by $(port_holder "$port")" "end that process, then deploy/minik8s up"
      fi
    elif daemon_healthy "$name"; then doctor_good "$name is well on port $port"; else
      doctor_bad "$name runs but is not ready" "look at: deploy/minik8s logs $name"
    fi
  done
  for name in $(node_names); do
    if node_ready "$name"; then doctor_good "node $name is Ready"; else
      doctor_bad "node $name is not Ready" "look at: deploy/minik8s kubectl describe node $name"
    fi
  done
  for name in "$PKI"/*.crt; do
    [[ -f $name ]] || continue
    openssl x509 -in "$name" -noout -checkend "$PKI_RENEW_SECONDS" >/dev/null 2>&1 ||
      doctor_bad "$name expires within a month" "deploy/minik8s down, then up: it makes a new one"
  done
  for name in "$PKI"/*.key; do
    [[ -f $name && $(stat -c %a "$name") != 600 ]] && doctor_bad "$name can be read by others" "chmod 600 $name"
  done
  return 0
}
