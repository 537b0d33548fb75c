# shellcheck shell=bash
# `test` and `bench`: what they need, and the summary.

check_programs() {
  mkdir -p "$RUN" "$LOGS"
  begin "Programs"
  install_all
  install_maven
  done_ "JDK $(jdk_version "$JAVA_HOME"), Maven $(maven_version "${MVN[0]}")"
}

# Everything: unit tests, contract tests, then end-to-end tests, which start clusters of their own under one directory.
check_test() {
  local started status=0
  started=$(ui_now)
  CHECK_HOME=$(mktemp -d "${TMPDIR:-/tmp}/minik8s-test.XXXXXX")
  MINIK8S_HOME=$CHECK_HOME/engine
  config_home
  CLUSTER_ID=test-$$
  check_programs
  trap check_clean EXIT
  trap 'exit 130' INT TERM
  begin "Docker Engine"
  docker_up
  docker_use
  done_ "$(docker_version)"
  begin "Images"
  images_all
  done_
  find "$SOURCE" -path '*/target/*-reports/TEST-*.xml' -delete
  (cd "$SOURCE" && "${MVN[@]}" -B -ntp -T 2 verify "-Dbuild.commit=$(build_commit)" "-Dminik8s.test.home=$CHECK_HOME" \
    "-Dminik8s.launcher=$MINIK8S" -fae "$@") || status=$?
  check_summary "$status" "$started"
  exit "$status"
}

# Also after Ctrl-C: no cluster, container or directory of the tests stays behind.
check_clean() {
  local home
  trap - EXIT
  for home in "$CHECK_HOME"/*/; do
    if [[ -f $home/config.env ]]; then "$MINIK8S" --home "$home" down --purge >/dev/null 2>&1 || true; fi
  done
  CLUSTER_ID=test-$$ docker_leave >/dev/null || true
  rm -rf "$CHECK_HOME"
}

check_summary() { # STATUS STARTED
  local module files
  printf '\n%-20s %7s %7s %7s %7s %7s\n' MODULE TESTS FAILED ERRORS SKIPPED FLAKY
  for module in "${MODULES[@]}"; do
    [[ -d $SOURCE/$module/target ]] || continue
    mapfile -t files < <(find "$SOURCE/$module/target" -path '*-reports/TEST-*.xml' 2>/dev/null)
    ((${#files[@]})) || continue
    check_count "$module" "${files[@]}"
  done
  mapfile -t files < <(find "$SOURCE" -path '*/target/*-reports/TEST-*.xml' 2>/dev/null)
  ((${#files[@]} == 0)) || check_count "all" "${files[@]}"
  check_flaky ${files+"${files[@]}"}
  if (($1 == 0)); then printf '%s✓ all passed%s in %s\n' "$GREEN" "$RESET" "$(ui_seconds $(($(ui_now) - $2)))"; else
    printf '%s✗ failed%s after %s\n' "$RED" "$RESET" "$(ui_seconds $(($(ui_now) - $2)))"
  fi
}

# The tests that failed and passed when asked again: a race in the test or in the product, to be looked into.
check_flaky() { # FILE…
  (($#)) || return 0
  awk '/<testcase / { match($0, / name="[^"]*"/); name = substr($0, RSTART + 7, RLENGTH - 8)
         match($0, /classname="[^"]*"/); class = substr($0, RSTART + 11, RLENGTH - 12) }
       /<flaky(Failure|Error)/ { print "flaky: " class "." name }' "$@"
}

# Adds up the attributes of each report's <testsuite> element.
check_count() { # NAME FILE…
  local name=$1
  shift
  sed -n '/<testsuite /,/>/p' "$@" | grep -oE ' (tests|failures|errors|skipped|flakes)="[0-9]+"' |
    awk -F'"' -v name="$name" '{ gsub(/[ =]/, "", $1); sum[$1] += $2 }
      END { printf "%-20s %7d %7d %7d %7d %7d\n", name, sum["tests"], sum["failures"], sum["errors"], sum["skipped"], sum["flakes"] }'
}

# The measurements, on a fresh cluster of their own: nothing of yours is touched, and `up` itself is a figure.
check_bench() {
  local home started go
  CHECK_HOME=$(mktemp -d "${TMPDIR:-/tmp}/minik8s-bench.XXXXXX")
  home=$CHECK_HOME/bench
  check_programs >&2
  trap check_clean EXIT
  trap 'exit 130' INT TERM
  # Once to build, to make the images and to train the class-data caches; then again, measured.
  MINIK8S_HOME='' MINIK8S_NO_TRAINING='' "$MINIK8S" --home "$CHECK_HOME/first" up >&2
  BUILD=$(build_newest)
  train_wait
  "$MINIK8S" --home "$CHECK_HOME/first" down --purge >&2
  started=$(ui_now)
  # Not --no-build: that names builds by their jars, and would not see the caches just trained.
  "$MINIK8S" --home "$home" up >&2
  started=$(($(ui_now) - started))
  go=$(command -v kubectl || true)
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED "-Dbench.up=$started" \
    "-Dbench.kubectl=$MINIK8S --home $home kubectl" "-Dbench.go-kubectl=$go" \
    -cp "$(build_classpath)" minik8s.bench.Bench --home "$home" "$@"
}
