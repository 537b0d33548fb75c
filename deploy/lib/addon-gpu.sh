# shellcheck shell=bash
# The gpu-server and its file server, as one pod (deploy/gpu). Jobs and results outlive `--without gpu`.

# shellcheck source=/dev/null
source "$DEPLOY/gpu/images.sh"

addon_gpu_ports() { printf 'GPU_SERVER_PORT 10270 40\nGPU_RESULTS_PORT 8088 41\n'; }

# Results are for whoever can open the address, so by default for this machine.
addon_gpu_values() { printf 'GPU_RESULTS_ADDRESS 127.0.0.1\n'; }

addon_gpu_up() {
  gpu_folders
  gpu_ports_free
  gpu_images
  progress "keys"
  pki_leaf gpu-server ca "/CN=system:gpu-server" "DNS:localhost,IP:127.0.0.1"
  pki_kubeconfig gpu-server system:gpu-server
  progress "manifests"
  addon_apply gpu < <(gpu_manifests)
  gpu_certificate
  progress "waiting for the pod"
  addon_kubectl gpu rollout status deployment/gpu-server -n gpu-system --timeout=120s || gpu_explain
  addon_await gpu 60 "The gpu-server does not say that it is well" gpu_healthy
  ADDON_DETAIL=$(gpu_url)
}

addon_gpu_next() { printf '  results of GPU jobs: %s/ (docs/gpu.md)\n' "$(gpu_url)"; }

addon_gpu_status() {
  if gpu_healthy; then printf 'add-on gpu: ok, results at %s/\n' "$(gpu_url)"; else printf 'add-on gpu: not ready\n'; fi
}

# The kinds stay, and with them the jobs, as a package manager leaves your data.
addon_gpu_remove() {
  gpu_tell_of_jobs
  addon_kubectl gpu delete --ignore-not-found namespace/gpu-system clusterrole/gpu-server clusterrolebinding/gpu-server
  addon_kubectl gpu delete --ignore-not-found -n kube-system role/gpu-server rolebinding/gpu-server
}

# Each job holds a finalizer, so without a gpu-server it can neither go on nor go.
gpu_tell_of_jobs() {
  local jobs
  jobs=$( (run_kubectl get gpujobs --all-namespaces -o name) 2>/dev/null | wc -l) || jobs=0
  ((jobs == 0)) ||
    note "$jobs GpuJob(s) stay behind: what they have in Slurm runs on unwatched, and deleting them waits for \`up --with gpu\` (docs/gpu.md, Taking it away)."
}

gpu_url() {
  local address=$GPU_RESULTS_ADDRESS
  # All addresses: the one by which others reach this machine.
  [[ $address != 0.0.0.0 ]] || address=$(hostname -I | cut -d ' ' -f 1)
  printf 'http://%s:%s' "$address" "$GPU_RESULTS_PORT"
}

gpu_folders() {
  local user
  user=$(gpu_user)
  [[ $GPU_RESULTS_ADDRESS =~ ^[0-9.]+$ ]] || die "--gpu-results-address=$GPU_RESULTS_ADDRESS: give an IPv4 address of this machine, or 0.0.0.0 for all."
  mkdir -p "$MINIK8S_HOME/gpu/results" "$MINIK8S_HOME/gpu/work"
  chmod 755 "$MINIK8S_HOME/gpu" "$MINIK8S_HOME/gpu/results" "$MINIK8S_HOME/gpu/work"
  [[ $(stat -c %u:%g "$MINIK8S_HOME/gpu/results") == "$user" ]] || chown "$user" "$MINIK8S_HOME/gpu/results"
}

# Somebody else's process on a port of the pod would show as a pod that dies again and again.
gpu_ports_free() {
  local name flag
  api /apis/apps/v1/namespaces/gpu-system/deployments/gpu-server >/dev/null 2>&1 && return
  for name in GPU_SERVER_PORT GPU_RESULTS_PORT; do
    port_free "${!name}" && continue
    flag=${name,,}
    fail "Port ${!name}, which the gpu-server's pod needs, is held by $(port_holder "${!name}")." "" \
      "end that process, or choose another port: deploy/minik8s up --with gpu --${flag//_/-} 18088"
  done
}

gpu_manifests() {
  local GPU_NGINX_CONF GPU_CONFIGURATION GPU_RESULTS_URL GPU_UID GPU_GID certificate
  GPU_RESULTS_URL=$(gpu_url)
  GPU_UID=$(gpu_user) GPU_GID=${GPU_UID#*:} GPU_UID=${GPU_UID%:*}
  GPU_NGINX_CONF=$(addon_render "$DEPLOY/gpu/nginx.conf" GPU_RESULTS_ADDRESS GPU_RESULTS_PORT | sed 's/^/    /')
  certificate=$(cksum <"$PKI/gpu-server.crt")
  GPU_CONFIGURATION=$(cksum <<<"$GPU_NGINX_CONF $API_PORT $certificate" | cut -d ' ' -f 1)
  cat "$DEPLOY/gpu/crds.yaml"
  printf -- '---\n'
  addon_render "$DEPLOY/gpu/gpu-server.yaml" API_PORT GPU_SERVER_PORT GPU_RESULTS_PORT GPU_RESULTS_URL GPU_NGINX_CONF GPU_CONFIGURATION \
    GPU_IMAGE GPU_NGINX_IMAGE GPU_UID GPU_GID MINIK8S_HOME
}

# Past kubectl, whose apply would keep a second copy of the key in an annotation.
gpu_certificate() {
  local place=/api/v1/namespaces/gpu-system/secrets
  gpu_secret | api "$place/gpu-server-tls" -X PATCH -H 'Content-Type: application/merge-patch+json' --data-binary @- >/dev/null ||
    gpu_secret | api "$place" -X POST -H 'Content-Type: application/json' --data-binary @- >/dev/null ||
    fail "The API server did not take the gpu-server's certificate." "$LOGS/apiserver.log"
}

gpu_secret() {
  printf '{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/tls","metadata":{"name":"gpu-server-tls","namespace":"gpu-system"},'
  printf '"data":{"tls.crt":"%s","tls.key":"%s"}}' "$(base64 -w0 "$PKI/gpu-server.crt")" "$(base64 -w0 "$PKI/gpu-server.key")"
}

gpu_healthy() {
  curl -sf -m 2 --cacert "$PKI/ca.crt" "https://127.0.0.1:$GPU_SERVER_PORT/readyz" >/dev/null 2>&1 &&
    curl -sf -m 2 "$(gpu_url)/healthz" >/dev/null 2>&1
}

# What a rollout that does not end leaves to say.
gpu_explain() {
  addon_kubectl gpu describe pods -n gpu-system -l app=gpu-server || true
  addon_kubectl gpu logs -n gpu-system deployment/gpu-server --all-containers --tail=20 || true
  fail "The gpu-server's pod is not ready within two minutes." "$LOGS/addon-gpu.log" "look at: $(cluster_self) kubectl describe pods -n gpu-system"
}
