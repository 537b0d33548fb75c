#!/usr/bin/env bash
# Portainer CE, a web page over this machine's Docker Engine: http://127.0.0.1:9000 shows every container that the
# kubelets run. What it remembers is in a volume, so that it can be removed and run again.
#
#   deploy/tools/portainer-run.sh            run it; prints the address, and at the first start the administrator's password
#   deploy/tools/portainer-run.sh stop       stop and remove the container; users and settings stay in the volume
#
# PORTAINER_ADDRESS (127.0.0.1) and PORTAINER_PORT (9000) say where it listens. Whoever is its administrator is root on this
# machine, for so is Docker's socket: keep it on the loopback, and reach it from elsewhere through ssh -L 9000:127.0.0.1:9000.
set -euo pipefail

readonly NAME=portainer VOLUME=portainer_data IMAGE=${PORTAINER_IMAGE:-portainer/portainer-ce:2.21.5}
readonly ADDRESS=${PORTAINER_ADDRESS:-127.0.0.1} PORT=${PORTAINER_PORT:-9000}
readonly SECRETS=${XDG_STATE_HOME:-$HOME/.local/state}/minik8s/portainer

die() { printf 'portainer-run.sh: %s\n' "$1" >&2; exit 1; }

command -v docker >/dev/null || die "there is no docker. Install it, or run deploy/minik8s up first."
socket=$(docker context inspect -f '{{.Endpoints.docker.Host}}' 2>/dev/null || true)
[[ -n ${DOCKER_HOST:-} ]] && socket=$DOCKER_HOST
socket=${socket:-unix:///var/run/docker.sock}
[[ $socket == unix://* ]] || die "Docker is at $socket; only an engine with a socket on this machine can be shown."

case ${1:-run} in
  stop) docker rm -f "$NAME" >/dev/null 2>&1 || true; printf 'Portainer is stopped; its data is in the volume %s.\n' "$VOLUME"; exit ;;
  run) ;;
  *) die "unknown argument \"$1\". Give none, or stop." ;;
esac

if [[ $(docker inspect -f '{{.State.Running}}' "$NAME" 2>/dev/null) == true ]]; then
  printf 'Portainer runs already: http://%s:%s\n' "$ADDRESS" "$PORT"
  exit
fi
docker image inspect "$IMAGE" >/dev/null 2>&1 || docker pull "$IMAGE" ||
  die "there is no image $IMAGE, and no registry gave it. Load it by hand: docker load, or set PORTAINER_IMAGE."
docker rm -f "$NAME" >/dev/null 2>&1 || true

# Without an administrator Portainer waits five minutes for the first visitor to become one, whoever that is. So it gets one
# at once: the password is made here, handed over in a file, and never on a command line.
if [[ ! -s $SECRETS/password ]]; then
  (umask 077 && mkdir -p "$SECRETS" && od -An -N18 -tx1 /dev/urandom | tr -d ' \n' >"$SECRETS/password")
fi
docker run -d --name "$NAME" --restart unless-stopped -p "$ADDRESS:$PORT:9000" \
  -v "${socket#unix://}:/var/run/docker.sock" -v "$VOLUME:/data" -v "$SECRETS:/secrets:ro" \
  "$IMAGE" --admin-password-file /secrets/password >/dev/null
printf 'Portainer: http://%s:%s, user admin, password in %s (it counts at the first start only)\n' "$ADDRESS" "$PORT" "$SECRETS/password"
