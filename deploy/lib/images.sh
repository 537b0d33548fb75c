# shellcheck shell=bash
# The images a cluster cannot do without, built here so that no registry is needed: a pause image of a few
# hundred bytes, a toolbox (busybox) and a small web server in two versions.

readonly PAUSE_IMAGE=minik8s/pause:3.10

image_exists() { docker image inspect "$1" >/dev/null 2>&1; }

images_all() {
  local missing=() image
  IMAGES_MADE=""
  for image in "$PAUSE_IMAGE" minik8s/toolbox:1 minik8s/toolbox:2 minik8s/web:1 minik8s/web:2; do
    image_exists "$image" || missing+=("$image")
  done
  for image in ${missing+"${missing[@]}"}; do
    progress "$image"
    case $image in
      "$PAUSE_IMAGE") images_pause ;;
      minik8s/toolbox:*) images_busybox "$image" 'CMD ["sh"]' "ENV TOOLBOX_VERSION=${image#*:}" ;;
      minik8s/web:*) images_web "$image" "${image#*:}" ;;
    esac
    IMAGES_MADE+=" $image"
  done
  images_stand_ins
}

# 1 kB without any library where there is a C compiler; else a shell that sleeps.
images_pause() {
  local dir=$MINIK8S_HOME/images/pause
  rm -rf "$dir" && mkdir -p "$dir"
  if command -v gcc >/dev/null && gcc -Os -static -nostdlib -ffreestanding -fno-asynchronous-unwind-tables -fno-stack-protector \
    -s -o "$dir/pause" "$DEPLOY/images/pause.c" 2>"$LOGS/pause-build.log"; then
    images_import "$dir" "$PAUSE_IMAGE" 'ENTRYPOINT ["/pause"]'
  else
    images_busybox "$PAUSE_IMAGE" 'ENTRYPOINT ["sh","-c","trap \"exit 0\" TERM INT; while :; do sleep 2147483647 & wait; done"]'
  fi
}

images_import() { # DIR IMAGE CHANGE…
  local dir=$1 image=$2 changes=()
  shift 2
  for change in "$@"; do changes+=(-c "$change"); done
  tar --owner=0 --group=0 --sort=name -C "$dir" -c . | docker import "${changes[@]}" - "$image" >/dev/null 2>"$LOGS/images.log" ||
    fail "Docker could not import $image." "$LOGS/images.log" "check the disk space of Docker's data directory (docker system df)."
}

# A root file system of busybox and its links, made once per `up` that needs it. Sets ROOTFS.
images_rootfs() {
  local busybox applet
  ROOTFS=$MINIK8S_HOME/images/busybox
  [[ ! -x $ROOTFS/bin/busybox ]] || return 0
  busybox=$(command -v busybox) || fail "busybox is not installed." "" "install the package busybox-static."
  rm -rf "$ROOTFS" && mkdir -p "$ROOTFS"/{bin,etc,tmp,root,proc,sys,dev,var/run,www}
  chmod 1777 "$ROOTFS/tmp"
  cp "$busybox" "$ROOTFS/bin/busybox"
  for applet in $("$busybox" --list); do [[ $applet == busybox ]] || ln -s busybox "$ROOTFS/bin/$applet"; done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$ROOTFS/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$ROOTFS/etc/group"
  cp "$DEPLOY/images/serve" "$ROOTFS/bin/serve"
  chmod 755 "$ROOTFS/bin/serve"
}

images_busybox() { # IMAGE CHANGE…
  local image=$1
  shift
  images_rootfs
  images_import "$ROOTFS" "$image" 'ENV PATH=/bin' "$@"
}

# Serves /www on port 80, or a page that names its version, and ends at once when asked to.
images_web() { # IMAGE VERSION
  images_busybox "$1" "ENV VERSION=$2" 'EXPOSE 80' 'CMD ["serve"]'
}

# Names that everybody's manifests use. Only where they are absent and cannot be pulled; never in place of the real ones.
images_stand_ins() {
  local image
  STAND_INS=""
  image_exists busybox:latest && image_exists nginx:latest && return
  [[ ! -f $MINIK8S_HOME/images/registry-answers ]] || return 0
  progress "asking the registry for busybox"
  if timeout 10 docker pull -q busybox:latest >/dev/null 2>&1; then
    touch "$MINIK8S_HOME/images/registry-answers"
    return
  fi
  for image in busybox:latest busybox:1.36 nginx:latest nginx:1.14.2 nginx:1.16.1; do
    image_exists "$image" && continue
    progress "stand-in for $image"
    case $image in
      busybox:*) images_busybox "$image" 'CMD ["sh"]' "ENV STAND_IN_FOR=$image" ;;
      nginx:*) images_web "$image" "${image#*:}" ;;
    esac
    STAND_INS+=" $image"
  done
}
