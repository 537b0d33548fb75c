# shellcheck shell=bash
# Stand-ins of public images from Debian's packages, for machines that no registry answers: the program, the libraries
# that it needs, and a busybox around it.

# PACKAGE may be several, the program's first; PROGRAM may be, as many as PATH_IN_IMAGE. SUITE is empty for the machine's own Debian; else a suite of Debian whose lists are fetched into a private folder.
stand_in() { # IMAGE PACKAGE SUITE PROGRAM PATH_IN_IMAGE CHANGE…
  local image=$1 packages package suite=$3 program=$4 inside=$5 dir file log=$LOGS/stand-in.log
  read -ra packages <<<"$2"
  package=${packages[0]}
  shift 5
  dir=$MINIK8S_HOME/tmp/stand-in-$package
  rm -rf "$dir" && mkdir -p "$dir"/{deb,files,root}
  stand_in_download "$suite" "$dir/deb" "${packages[@]}" >>"$log" 2>&1 ||
    fail "There is no image $image, and the package $package${suite:+ of Debian $suite} cannot be fetched to make a stand-in from." "$log" \
      "connect to a registry or to a Debian mirror, or load the image by hand (docker load)."
  for file in "$dir"/deb/*.deb; do
    dpkg-deb -x "$file" "$dir/files" >>"$log" 2>&1 || fail "${file##*/} cannot be unpacked." "$log" "look at the disk space."
  done
  images_rootfs
  cp -a "$ROOTFS/." "$dir/root/"
  mkdir -p "$dir/root/prometheus"
  read -ra inside <<<"$inside"
  for program in $program; do
    install -D "$dir/files$program" "$dir/root${inside[0]}"
    stand_in_libraries "$dir/files$program" "$dir/root"
    inside=("${inside[@]:1}")
  done
  # A server that shows pages of its own keeps them beside the program, with links to other packages' scripts.
  if [[ -d $dir/files/usr/share/prometheus ]]; then
    mkdir -p "$dir/root/usr/share"
    cp -rL "$dir/files/usr/share/prometheus" "$dir/root/usr/share/" 2>>"$log" || true
    # Two hundred megabytes of past time zones, and what browsers do not ask for.
    rm -rf "$dir/root/usr/share/prometheus/web/static/moment-timezone/data"
    find "$dir/root/usr/share" \( -name '*.map*' -o -name '*.gz' -o -name '*.brotli' \) -delete
  fi
  chmod 777 "$dir/root/prometheus"
  images_import "$dir/root" "$image" 'ENV PATH=/bin:/usr/bin' "LABEL io.minik8s.stand-in=$package" "$@"
  rm -rf "$dir"
}

# Into the folder, and nowhere else: nothing is installed, no list of the machine is touched.
stand_in_download() { # SUITE DIR PACKAGE…
  local suite=$1 dir=$2 options=()
  shift 2
  if [[ -n $suite ]]; then
    mkdir -p "$dir/apt"/{state/lists/partial,cache/archives/partial}
    : >"$dir/apt/state/status"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian %s main\n' "$suite" >"$dir/apt/sources.list"
    options=(-o "Dir::Etc::SourceList=$dir/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State=$dir/apt/state"
      -o "Dir::State::status=$dir/apt/state/status" -o "Dir::Cache=$dir/apt/cache" -o APT::Sandbox::User=)
    apt-get -q "${options[@]}" update || return 1
  fi
  (cd "$dir" && { apt-get -q ${options+"${options[@]}"} download "$@" || { [[ -z $suite ]] && as_root apt-get -q update && apt-get -q download "$@"; }; })
}

# Everything that the dynamic linker would load, and the linker.
stand_in_libraries() { # PROGRAM ROOT
  local library
  while read -r library; do
    mkdir -p "$2$(dirname "$library")"
    cp -L "$library" "$2$library"
  done < <(ldd "$1" | grep -oE '/[^ ]+' | sort -u)
}
