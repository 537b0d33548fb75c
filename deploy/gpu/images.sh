# shellcheck shell=bash
# The two images of the gpu-server's pod, built here because no registry has them: a Java runtime cut to what our daemons need
# with the gpu-server's jars on top, and nginx out of its Debian package.

readonly GPU_JRE_MODULES=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.xml,jdk.httpserver,jdk.management,jdk.unsupported

# Files of the pod belong to a user of their own; a launcher that is not root can only give them to itself.
gpu_user() { if ((EUID == 0)); then printf '65532:65532'; else printf '%s:%s' "$(id -u)" "$(id -g)"; fi; }

# Sets GPU_IMAGE and GPU_NGINX_IMAGE, whose tags name what is in them, and makes those that are missing.
gpu_images() {
  local jars
  mapfile -t jars < <(gpu_jars)
  ((${#jars[@]})) || fail "The build has no gpu-server." "" "leave --no-build out."
  GPU_IMAGE=minik8s/gpu-server:$({ gpu_user && cd "$BUILD/lib" && cat -- "${jars[@]}"; } | sha256sum | cut -c 1-12)
  GPU_NGINX_IMAGE=minik8s/nginx:1-$(id -u)
  image_exists "$GPU_IMAGE" || gpu_image_server "${jars[@]}"
  image_exists "$GPU_NGINX_IMAGE" || gpu_image_nginx
}

# The gpu-server's jar and those that its manifest names.
gpu_jars() {
  local jar
  jar=$(compgen -G "$BUILD/lib/gpu-server-*.jar" | head -n 1) || return 0
  printf '%s\n' "${jar##*/}"
  # A long line of a manifest goes on after a line break and a space.
  busybox unzip -p "$jar" META-INF/MANIFEST.MF | tr -d '\r' | sed -z 's/\n //g' | sed -n 's/^Class-Path: //p' | tr ' ' '\n' | grep .
}

gpu_image_server() { # JAR…
  local dir=$MINIK8S_HOME/images/gpu-server jre
  jre=minik8s/jre:$(jdk_version "$JAVA_HOME")-$(sha256sum "$JAVA_HOME/release" | cut -c 1-8)
  image_exists "$jre" || gpu_image_jre "$jre"
  progress "$GPU_IMAGE"
  rm -rf "$dir" && mkdir -p "$dir/lib"
  (cd "$BUILD/lib" && cp -- "$@" "$dir/lib/")
  cat >"$dir/Dockerfile" <<DOCKERFILE
FROM $jre
COPY lib /app
USER $(gpu_user)
ENTRYPOINT ["/jre/bin/java", "-cp", "/app/*", "-Xms16m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "minik8s.gpu.server.GpuServer"]
DOCKERFILE
  # The classic builder is in every engine; BuildKit is a plug-in that some clients lack.
  DOCKER_BUILDKIT=0 docker build -q -t "$GPU_IMAGE" "$dir" >"$LOGS/images.log" 2>&1 ||
    fail "Docker could not build $GPU_IMAGE." "$LOGS/images.log" "check the disk space of Docker's data directory (docker system df)."
  rm -rf "$dir"
}

# The runtime changes with the JDK only, so it is a layer of its own.
gpu_image_jre() { # IMAGE
  local dir=$MINIK8S_HOME/images/jre binaries
  progress "$1 (jlink)"
  rm -rf "$dir" && mkdir -p "$dir"/{tmp,etc}
  chmod 1777 "$dir/tmp"
  "$JAVA_HOME/bin/jlink" --add-modules "$GPU_JRE_MODULES" --strip-debug --no-header-files --no-man-pages --output "$dir/jre" \
    >"$LOGS/images.log" 2>&1 || fail "jlink could not make a Java runtime." "$LOGS/images.log" "use a JDK that has jlink, such as Eclipse Temurin."
  gpu_users "$dir"
  mapfile -t binaries < <(find "$dir/jre" -type f \( -name '*.so' -o -path '*/bin/java' \))
  gpu_libraries "$dir" "${binaries[@]}"
  images_import "$dir" "$1" 'ENV JAVA_HOME=/jre' 'ENV PATH=/jre/bin'
  rm -rf "$dir"
}

gpu_image_nginx() {
  local dir=$MINIK8S_HOME/images/nginx
  progress "$GPU_NGINX_IMAGE"
  rm -rf "$dir" && mkdir -p "$dir"/root/{tmp,etc,var/log/nginx} "$dir/deb"
  if ! (cd "$dir/deb" && gpu_nginx_package); then
    fail "Neither a Debian mirror nor a registry has nginx." "$LOGS/images.log" "run apt-get update, or: docker pull nginx && docker tag nginx $GPU_NGINX_IMAGE"
  fi
  if image_exists "$GPU_NGINX_IMAGE"; then return; fi
  install -D "$dir/deb/usr/sbin/nginx" "$dir/root/usr/sbin/nginx"
  gpu_users "$dir/root"
  gpu_libraries "$dir/root" "$dir/root/usr/sbin/nginx"
  chmod 1777 "$dir/root/tmp"
  images_import "$dir/root" "$GPU_NGINX_IMAGE" "USER $(gpu_user)" 'ENTRYPOINT ["/usr/sbin/nginx"]'
  rm -rf "$dir"
}

# Unpacks the Debian package here without installing it; else takes the image from a registry.
gpu_nginx_package() {
  local deb
  if command -v apt-get >/dev/null && { apt-get -q download nginx || { as_root apt-get -q update && apt-get -q download nginx; }; } >"$LOGS/images.log" 2>&1; then
    for deb in *.deb; do dpkg -x "$deb" .; done
    [[ -x usr/sbin/nginx && $(ldd usr/sbin/nginx) != *"not found"* ]] && return
  fi
  docker pull -q nginx:stable >>"$LOGS/images.log" 2>&1 && docker tag nginx:stable "$GPU_NGINX_IMAGE"
}

gpu_users() { # ROOT
  local user
  user=$(gpu_user)
  printf 'root:x:0:0:root:/root:/bin/false\nminik8s:x:%s:%s:minik8s:/tmp:/bin/false\n' "${user%:*}" "${user#*:}" >"$1/etc/passwd"
  printf 'root:x:0:\nminik8s:x:%s:\n' "${user#*:}" >"$1/etc/group"
}

# Copies what programs are linked with, under the paths that they look for.
gpu_libraries() { # ROOT FILE…
  local root=$1 library
  shift
  while read -r library; do
    install -D "$library" "$root$library"
  done < <(ldd "$@" 2>/dev/null | sed -nE 's/^\s+(.* => )?(\/[^ ]+) \(0x.*/\2/p' | grep -v "^$root" | sort -u)
}
