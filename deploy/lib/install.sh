# shellcheck shell=bash
# Makes sure of the programs the cluster stands on: installs on Debian and its kin, says what is needed elsewhere.

readonly JDK_NEEDED=25

as_root() {
  if ((EUID == 0)); then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    fail "\"$*\" needs root, and there is no sudo." "" "run this once as root."
  fi
}

install_all() {
  install_programs etcd:etcd-server dockerd:docker.io openssl:openssl curl:curl busybox:busybox-static ss:iproute2 ps:procps
  # A package of its own since Debian 13.
  install_programs docker:docker-cli
  install_jdk
}

# Installs every package whose program is absent, in one go.
install_programs() { # PROGRAM:PACKAGE…
  local pair missing=()
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  ((${#missing[@]})) || return 0
  if ! command -v apt-get >/dev/null; then
    fail "These are missing: ${missing[*]} (names of Debian packages), and this system has no apt-get." "" \
      "install them with the package manager you have, then run the same command again."
  fi
  install_packages "${missing[@]}"
}

install_packages() {
  local log=$LOGS/install.log
  progress "installing $*"
  printf '== %s: %s\n' "$(date -u +%FT%TZ)" "$*" >>"$log"
  if ! install_apt "$@" >>"$log" 2>&1; then
    # Fresh images come without package lists, and old lists name packages that have moved.
    progress "updating the package lists"
    as_root apt-get -q update >>"$log" 2>&1 || true
    progress "installing $*"
    install_apt "$@" >>"$log" 2>&1 ||
      fail "apt-get could not install $*." "$log" "install them by hand, then run the same command again."
  fi
}

install_apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
    -o DPkg::Lock::Timeout=120 install "$@"
}

# A JDK with a compiler, the given version or newer. Sets JAVA_HOME.
install_jdk() {
  local home
  for home in "${JAVA_HOME:-}" "$(jdk_on_path)" /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/*; do
    if [[ -x $home/bin/javac ]] && (($(jdk_version "$home") >= JDK_NEEDED)); then
      export JAVA_HOME=$home
      return
    fi
  done
  if [[ -n $(apt-cache madison "openjdk-$JDK_NEEDED-jdk-headless" 2>/dev/null) ]]; then
    install_packages "openjdk-$JDK_NEEDED-jdk-headless"
    JAVA_HOME=$(find /usr/lib/jvm -maxdepth 1 -name "*$JDK_NEEDED*openjdk*" | head -n 1)
    export JAVA_HOME
    return
  fi
  fail "No JDK $JDK_NEEDED or newer: looked at JAVA_HOME, PATH, /usr/lib/jvm and /opt." "" \
    "install one, such as Eclipse Temurin $JDK_NEEDED (temurin-$JDK_NEEDED-jdk), and set JAVA_HOME if it is elsewhere."
}

jdk_on_path() {
  local java
  if java=$(command -v javac); then dirname "$(dirname "$(readlink -f "$java")")"; fi
}

# 25 for 25.0.3; from the release file, for starting a JVM takes longer than the whole rest.
jdk_version() { # HOME
  local version
  version=$(sed -nE 's/^JAVA_VERSION="?([0-9]+).*/\1/p' "$1/release" 2>/dev/null | head -n 1 || true)
  printf '%s' "${version:-0}"
}

# An installed Maven new enough, else the wrapper, else Debian's. Sets MVN.
install_maven() {
  local version
  version=$(maven_version mvn) && if [[ $version == 3.[89]* || $version == 4.* ]]; then MVN=(mvn); return; fi
  progress "fetching Maven"
  if maven_version "$SOURCE/mvnw" >/dev/null; then MVN=("$SOURCE/mvnw"); return; fi
  command -v apt-get >/dev/null || fail "There is no Maven, and the wrapper could not fetch one." "" "install Maven 3.8 or newer."
  install_packages maven
  MVN=(mvn)
}

maven_version() { # COMMAND
  command -v "$1" >/dev/null || return 1
  (cd "$SOURCE" && "$1" -v) 2>/dev/null | sed -nE 's/.*Apache Maven ([0-9.]+).*/\1/p' | grep -m 1 .
}
