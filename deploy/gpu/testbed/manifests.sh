# shellcheck shell=bash
# The test bed as Minik8s sees it: what logs in, and a SlurmCluster named "testbed".

bed_manifests() {
  local kind
  cat <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: ${CLUSTER_NAME:-testbed}-login
  namespace: ${CLUSTER_NAMESPACE:-gpu-system}
stringData:
  username: $KEY_USER
  ssh-privatekey: |
$(sed 's/^/    /' "$SSH/id_ed25519")
---
apiVersion: gpu.minik8s.io/v1
kind: SlurmCluster
metadata:
  name: ${CLUSTER_NAME:-testbed}
spec:
  host: 127.0.0.1
  port: $SSH_PORT
  hostKeys:
$(for kind in ed25519 ecdsa rsa; do printf '  - %s\n' "$(cut -d ' ' -f 1,2 "$SSH/host_$kind.pub")"; done)
  credentialsSecretRef:
    name: ${CLUSTER_NAME:-testbed}-login
    namespace: ${CLUSTER_NAMESPACE:-gpu-system}
  defaultPartition: $PARTITION
  limits:
  - {partition: $PARTITION, maxGpus: $GPUS, maxTime: "1:00:00"}
  # A test bed may be asked more often than a centre.
  pollInterval: 5s
  markInterval: 1s
  connectionSpacing: 1s
YAML
}
