# shellcheck shell=bash
# From sources to a folder of jars: built once per state of the sources, then copied to a place of its own, so that
# a later build never changes the jars under a running daemon.

readonly BUILDS=${MINIK8S_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/minik8s}/builds
readonly MODULES=(common apiserver scheduler controller-manager kubelet gpu-server kubectl deploy)

# Names the state of the sources: paths, sizes and times of what goes into the jars.
build_stamp() {
  (
    cd "$SOURCE" || exit
    find pom.xml "${MODULES[@]/%//pom.xml}" "${MODULES[@]/%//src/main}" -type f -printf '%p %s %T@\n' 2>/dev/null || true
    cat "$JAVA_HOME/release"
  ) | LC_ALL=C sort | sha256sum | cut -c 1-12
}

# Names what Maven has left behind, whatever the sources are by now.
build_stamp_of_jars() {
  find "$DEPLOY/target/lib" -name '*.jar' -printf '%f %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum | cut -c 1-12
}

build_newest() { find "$BUILDS" -mindepth 1 -maxdepth 1 -type d ! -name '*.new' -printf '%T@ %p\n' 2>/dev/null | sort -rn | head -n 1 | cut -d ' ' -f 2-; }

# Sets BUILD, the folder with lib/ and, when trained, the class-data caches.
build_up() { # WANT_BUILD
  BUILD_DETAIL="as before"
  if [[ -n $1 ]]; then BUILD=$BUILDS/$(build_stamp); else BUILD=$BUILDS/$(build_stamp_of_jars); fi
  if [[ -d $BUILD/lib ]]; then touch "$BUILD"; return; fi
  mkdir -p "$BUILDS"
  exec 8>"$BUILDS/lock-$(cksum <<<"$SOURCE" | cut -d " " -f 1)"
  flock 8
  # Perhaps another `up` has just built or kept the same.
  if [[ ! -d $BUILD/lib ]]; then
    if [[ -z $1 ]]; then
      # Inside a Maven run the jars are already there.
      [[ -d $DEPLOY/target/lib ]] || fail "--no-build, but nothing has been built." "" "leave --no-build out."
    else
      install_maven
      rm -rf "$DEPLOY/target/lib"
      build_run package -DskipTests
      BUILD_DETAIL="built"
    fi
    build_keep
  fi
  exec 8>&-
}

# Runs Maven with its progress shown, its output in a log.
build_run() { # GOAL ARGS…
  local log=$LOGS/build.log line count=0 fetched=0 shown=""
  : >"$log"
  if ! (cd "$SOURCE" && "${MVN[@]}" -B -ntp "$@" "-Dbuild.commit=$(build_commit)" 2>&1) | tee "$log" | while read -r line; do
    case $line in
      *"Building "*"["*"/"*) count=${line##*[} count=${count%%]*}; shown=${line#*Building }; progress "module ${count} ${shown%% *}" ;;
      *Downloaded*) fetched=$((fetched + 1)); ((fetched % 50)) || progress "$fetched files fetched" ;;
    esac
  done; then
    grep -E '^\[ERROR\]' "$log" | head -n 12 >"$log.errors" || true
    fail "Maven could not build the sources." "$([[ -s $log.errors ]] && printf '%s' "$log.errors" || printf '%s' "$log")" \
      "read $log; behind a proxy or a mirror, set it in ~/.m2/settings.xml."
  fi
}

# A copy, for Maven overwrites its own output in place. The three newest builds are kept.
build_keep() {
  rm -rf "$BUILD.new"
  mkdir -p "$BUILD.new"
  cp -a "$DEPLOY/target/lib" "$BUILD.new/lib"
  find "$DEPLOY/target" -maxdepth 1 -name 'deploy-*.jar' ! -name '*tests*' -exec cp -a {} "$BUILD.new/lib/" \;
  build_commit >"$BUILD.new/commit"
  mv "$BUILD.new" "$BUILD"
  local old
  for old in $(find "$BUILDS" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +4 | cut -d ' ' -f 2-); do
    grep -qs "$old/" /proc/[0-9]*/cmdline || rm -rf "$old"
  done
}

build_commit() { git -C "$SOURCE" rev-parse --short=12 HEAD 2>/dev/null || printf 'unknown'; }

build_version() {
  printf 'minik8s %s (commit %s)\n' "$(sed -nE '0,/<version>/s/.*<version>([^<]+)<.*/\1/p' "$SOURCE/pom.xml")" "$(build_commit)"
}

# The jars that kubectl needs, for a JVM looks at every jar of its class path before it starts.
kubectl_classpath() { build_classpath; }

# The class path of every process: all jars in one fixed order, so that one class-data cache fits all.
build_classpath() {
  local jars=("$BUILD"/lib/*.jar)
  local IFS=:
  printf '%s' "${jars[*]}"
}
