# shellcheck shell=bash
# Where a cluster's state is, which ports it has, how many nodes. Chosen once, remembered in $MINIK8S_HOME/config.env.

readonly PORT_NAMES=(API_PORT ETCD_PORT ETCD_PEER_PORT SCHEDULER_PORT CONTROLLER_MANAGER_PORT KUBELET_PORT)
readonly USUAL_PORTS=(6443 2379 2380 10259 10257 10250)
readonly BLOCK=50

config_home() {
  : "${MINIK8S_HOME:=$HOME/.minik8s}"
  MINIK8S_HOME=$(readlink -m "$MINIK8S_HOME")
  RUN=$MINIK8S_HOME/run LOGS=$MINIK8S_HOME/logs PKI=$MINIK8S_HOME/pki
  export MINIK8S_HOME
}

config_exists() { [[ -f $MINIK8S_HOME/config.env ]]; }

config_load() {
  local key value
  config_exists || return 1
  while IFS='=' read -r key value; do
    [[ $key =~ ^[A-Z_]+$ ]] && printf -v "$key" '%s' "$value"
  done <"$MINIK8S_HOME/config.env"
  return 0
}

config_need() {
  config_load || die "there is no cluster in $MINIK8S_HOME. Start one with: deploy/minik8s up${1:+ $1}"
}

config_save() {
  local name
  {
    for name in CLUSTER_ID NODES ADDONS "${PORT_NAMES[@]}" $(addons_variables "$(addons_here)"); do printf '%s=%s\n' "$name" "${!name}"; done
  } >"$MINIK8S_HOME/config.env.new"
  mv "$MINIK8S_HOME/config.env.new" "$MINIK8S_HOME/config.env"
}

# The port of the i-th kubelet (from 1): counted up from KUBELET_PORT past the cluster's own other ports.
kubelet_port() { # I
  local port=$((KUBELET_PORT - 1)) left=$1 taken
  taken=" $(kubelet_ports_taken | tr '\n' ' ')"
  while ((left > 0)); do
    port=$((port + 1))
    [[ $taken != *" $port "* ]] || continue
    left=$((left - 1))
  done
  printf '%s' "$port"
}

# Ports of the other daemons, and those that add-ons have or, where they are not asked for yet, would get.
kubelet_ports_taken() {
  local name ADDONS
  for name in "${PORT_NAMES[@]::5}"; do printf '%d\n' "${!name}"; done
  ADDONS=$(addons_known | paste -sd ,)
  addons_choose
  for name in $(addons_ports | cut -d ' ' -f 1); do printf '%d\n' "${!name}"; done
}

# Whether a word is one of those that follow. Piping them into `grep -q` would say no now and then: it ends early, its writer dies of
# that, and with pipefail so does the answer.
is_among() { # WORD WORDS…
  local word=$1 other
  shift
  for other; do [[ $other != "$word" ]] || return 0; done
  return 1
}

node_names() { local i; for ((i = 1; i <= NODES; i++)); do printf 'node-%d\n' "$i"; done; }

config_block() { # BASE
  local i
  for i in 0 1 2 3 4; do printf -v "${PORT_NAMES[i]}" '%d' $(($1 + i)); done
  KUBELET_PORT=$(($1 + 10))
}

# The usual ports for the usual home; any other home gets the first free block, starting at one that its name decides.
config_choose_ports() {
  local i base tries
  if [[ $MINIK8S_HOME == "$(readlink -m "$HOME/.minik8s")" ]]; then
    for i in "${!PORT_NAMES[@]}"; do printf -v "${PORT_NAMES[i]}" '%d' "${USUAL_PORTS[i]}"; done
    return
  fi
  base=$(printf '%s' "$MINIK8S_HOME" | cksum | cut -d ' ' -f 1)
  for ((tries = 0; tries < 200; tries++)); do
    config_block $((20000 + (base + tries) % 200 * BLOCK))
    if port_free "$API_PORT" && port_free "$ETCD_PORT" && port_free "$KUBELET_PORT"; then return; fi
  done
  fail "None of the 200 blocks of ports from 20000 on is free." "" "choose one yourself with --port-base."
}

config_port_number() { # FLAG VALUE
  if ! [[ $2 =~ ^[0-9]{1,5}$ ]] || (($2 < 1 || $2 > 65535)); then die "$1=$2 is not a port: give a number from 1 to 65535."; fi
}

# Reads the flags of `up` over what is remembered. Sets WANT_BUILD and ADDONS_LEAVING.
config_up() {
  local flag value name nodes="" base="" with="" without="" own
  local -A chosen=()
  WANT_BUILD=1 ADDONS_LEAVING=""
  own=" $(addons_variables | tr '\n' ' ')"
  while (($#)); do
    flag=$1
    shift
    case $flag in
      --no-build) WANT_BUILD="" && continue ;;
      --*=*) value=${flag#*=} flag=${flag%%=*} ;;
      --*) (($#)) || die "$flag needs a value. Try: deploy/minik8s help"
        value=$1
        shift ;;
      *) die "up does not take \"$flag\". Try: deploy/minik8s help" ;;
    esac
    case $flag in
      --nodes) [[ $value =~ ^[1-9][0-9]?$ ]] || die "--nodes=$value: give a number from 1 to 99."; nodes=$value ;;
      --port-base) config_port_number "$flag" "$value"; base=$value ;;
      --api-port | --etcd-port | --etcd-peer-port | --scheduler-port | --controller-manager-port | --kubelet-port)
        config_port_number "$flag" "$value"
        name=${flag#--} name=${name//-/_}
        chosen[${name^^}]=$value ;;
      --with) with=${with:+$with,}$value ;;
      --without) without=${without:+$without,}$value ;;
      *)
        name=${flag#--} name=${name//-/_} name=${name^^}
        [[ $own == *" $name "* ]] || die "up has no flag $flag. Try: deploy/minik8s help"
        [[ $name != *_PORT ]] || config_port_number "$flag" "$value"
        chosen[$name]=$value ;;
    esac
  done
  mkdir -p "$MINIK8S_HOME" "$RUN/services" "$LOGS" "$PKI" "$MINIK8S_HOME/tmp"
  chmod 700 "$MINIK8S_HOME" "$PKI"
  if ! config_load; then
    CLUSTER_ID=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
    NODES=1
    ADDONS=""
    config_choose_ports
  fi
  : "${ADDONS:=}"
  if [[ -n $base ]]; then
    config_block "$base"
    for name in $(addons_ports | cut -d ' ' -f 1); do unset "$name"; done
  fi
  for name in "${!chosen[@]}"; do printf -v "$name" '%s' "${chosen[$name]}"; done
  # Asking for fewer nodes than there are does not take any away: `down` and `up` again does.
  [[ -z $nodes ]] || NODES=$nodes
  [[ -z $with ]] || addons_add "$with"
  [[ -z $without ]] || addons_drop "$without"
  addons_choose
  config_save
}
