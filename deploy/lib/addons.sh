# shellcheck shell=bash
# Add-ons: what `up --with NAME[,NAME]` brings along, remembered in config.env as ADDONS until `up --without NAME`.
#
# One add-on is one file, deploy/lib/addon-NAME.sh (NAME of small letters), which defines what it needs of:
#   addon_NAME_ports    prints one line per port: VARIABLE USUAL_PORT OFFSET. The variable ends in _PORT, is the flag of `up` in
#                       small letters (GPU_RESULTS_PORT, --gpu-results-port), and is set, saved and kept free of kubelets.
#                       OFFSET, 40 to 49, is its place in the block of a cluster that does not have the usual ports.
#   addon_NAME_values   prints one line per other setting: VARIABLE DEFAULT; a flag, set and saved like a port
#   addon_NAME_up       required: makes it run and waits until it does; called at each `up`, once the nodes are Ready, so it must
#                       change nothing where nothing has changed. Sets ADDON_DETAIL, shown behind its tick.
#   addon_NAME_next     prints, indented, what the user may want to open or type next
#   addon_NAME_remove   takes its objects away (`up --without NAME`); the API server is up
#   addon_NAME_down     called by `down` before the daemons stop; containers of pods and services of the supervisor go by themselves
#   addon_NAME_status   prints one line for `status`

addons_known() {
  local file
  for file in "$LIB"/addon-*.sh; do
    [[ ! -f $file ]] || { file=${file##*/addon-} && printf '%s\n' "${file%.sh}"; }
  done
}

addons_load() {
  local name
  for name in $(addons_known); do
    # shellcheck source=/dev/null
    source "$LIB/addon-$name.sh"
  done
}

# The add-ons of this cluster, in the order in which they were asked for.
addons_here() { printf '%s' "${ADDONS:+${ADDONS//,/ }}"; }

addon_here() { [[ ,${ADDONS:-}, == *",$1,"* ]]; } # NAME

addon_has() { declare -F "addon_$1_$2" >/dev/null; } # NAME HOOK

# VARIABLE USUAL_PORT OFFSET of every add-on there is, so that a kubelet's port does not depend on which are asked for.
addons_ports() {
  local name
  for name in ${1-$(addons_known)}; do
    if addon_has "$name" ports; then "addon_${name}_ports"; fi
  done
}

# VARIABLE DEFAULT of the other settings.
addons_values() {
  local name
  for name in ${1-$(addons_known)}; do
    if addon_has "$name" values; then "addon_${name}_values"; fi
  done
}

# The variables of both kinds.
addons_variables() { { addons_ports "$@" && addons_values "$@"; } | cut -d ' ' -f 1; }

# Takes NAME[,NAME] into ADDONS.
addons_add() { # LIST
  local name
  for name in ${1//,/ }; do
    addon_known "$name"
    addon_here "$name" || ADDONS=${ADDONS:+$ADDONS,}$name
  done
}

# Notes in ADDONS_LEAVING which of NAME[,NAME] are here and shall go.
addons_drop() { # LIST
  local name
  for name in ${1//,/ }; do
    addon_known "$name"
    if addon_here "$name"; then ADDONS_LEAVING+=" $name"; fi
  done
}

addon_known() { # NAME
  # shellcheck disable=SC2046 # a word each
  is_among "$1" $(addons_known) || die "there is no add-on \"$1\". There are: $(addons_known | tr '\n' ' ')"
}

# Gives every setting of this cluster's add-ons that has no value yet its default; a port its usual one, or its place in the
# cluster's block.
addons_choose() {
  local variable usual offset
  while read -r variable usual offset; do
    if [[ -z ${!variable:-} ]]; then
      if ((API_PORT == USUAL_PORTS[0])); then printf -v "$variable" '%d' "$usual"; else printf -v "$variable" '%d' $((API_PORT + offset)); fi
    fi
  done < <(addons_ports "$(addons_here)")
  while read -r variable usual; do
    if [[ -z ${!variable:-} ]]; then printf -v "$variable" '%s' "$usual"; fi
  done < <(addons_values "$(addons_here)")
}

# Forgets one add-on, once its objects are gone.
addon_forget() { # NAME
  local other kept=""
  for other in $(addons_here); do [[ $other == "$1" ]] || kept=${kept:+$kept,}$other; done
  ADDONS=$kept
  config_save
}

# Those that leave go first, so that they free what others may want.
addons_up() {
  local name
  for name in $ADDONS_LEAVING; do
    begin "Without $name"
    if addon_has "$name" remove; then "addon_${name}_remove"; fi
    addon_forget "$name"
    done_ "removed"
  done
  for name in $(addons_here); do
    ADDON_DETAIL=""
    begin "With $name"
    "addon_${name}_up"
    done_ "$ADDON_DETAIL"
  done
}

# Runs one hook of every add-on that is here.
addons_each() { # HOOK
  local name
  for name in $(addons_here); do
    if addon_has "$name" "$1"; then "addon_${name}_$1"; fi
  done
}

# Our kubectl as this cluster's administrator; what it says goes to the add-on's log.
addon_kubectl() { # NAME ARGS…
  local log=$LOGS/addon-$1.log
  shift
  (run_kubectl "$@") >>"$log" 2>&1
}

# Prints a manifest with each ${VARIABLE} that is named here replaced by its value; any other dollar stays as it is.
addon_render() { # FILE VARIABLE…
  local text name
  text=$(<"$1")
  shift
  for name in "$@"; do text=${text//"\${$name}"/"${!name}"}; done
  printf '%s\n' "$text"
}

# Applies documents from standard input.
addon_apply() { # NAME ARGS…
  local name=$1
  shift
  addon_kubectl "$name" apply -f - "$@" ||
    fail "kubectl could not apply the manifests of $name." "$LOGS/addon-$name.log" "mend what it names, then run the same command again."
}

# Asks again and again until a command succeeds; fails with advice after SECONDS.
addon_await() { # NAME SECONDS WHAT COMMAND…
  local name=$1 deadline=$((SECONDS + $2)) what=$3
  shift 3
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then
      fail "$what: not within the time it should take." "$LOGS/addon-$name.log" "look at: $(cluster_self) kubectl get pods -A, and describe what is not Running"
    fi
    sleep 0.2
  done
}
