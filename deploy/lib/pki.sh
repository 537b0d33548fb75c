# shellcheck shell=bash
# The cluster's keys, certificates and kubeconfigs: made by openssl when absent or about to expire, else left alone.
# Elliptic curve P-256, PKCS#8; private keys readable by their owner only.

readonly PKI_DAYS=3650 PKI_RENEW_SECONDS=$((30 * 24 * 3600))

pki_all() {
  local node
  PKI_MADE=0
  pki_authority ca "minik8s-ca"
  pki_authority etcd-ca "minik8s-etcd-ca"
  pki_leaf etcd-server etcd-ca "/CN=etcd" "DNS:localhost,IP:127.0.0.1"
  pki_leaf etcd-client etcd-ca "/CN=kube-apiserver-etcd-client" ""
  pki_leaf apiserver ca "/CN=kube-apiserver" "$(pki_apiserver_names)"
  pki_leaf apiserver-kubelet-client ca "/O=system:masters/CN=kube-apiserver-kubelet-client" ""
  pki_leaf admin ca "/O=system:masters/CN=kubernetes-admin" ""
  pki_leaf scheduler ca "/CN=system:kube-scheduler" "DNS:localhost,IP:127.0.0.1"
  pki_leaf controller-manager ca "/CN=system:kube-controller-manager" "DNS:localhost,IP:127.0.0.1"
  pki_signing_key
  pki_kubeconfig admin kubernetes-admin
  pki_kubeconfig scheduler system:kube-scheduler
  pki_kubeconfig controller-manager system:kube-controller-manager
  for node in $(node_names); do
    pki_leaf "kubelet-$node" ca "/O=system:nodes/CN=system:node:$node" "DNS:$node,DNS:localhost,IP:127.0.0.1"
    pki_kubeconfig "kubelet-$node" "system:node:$node"
  done
}

# Every name under which clients inside and outside the cluster call the API server.
pki_apiserver_names() {
  local names="DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
  local host address
  host=$(hostname)
  names+=",DNS:localhost"
  [[ $host =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ && $host != localhost ]] && names+=",DNS:$host"
  names+=",IP:127.0.0.1,IP:10.96.0.1"
  for address in $(hostname -I 2>/dev/null); do
    # Bridges of containers come and go; the machine's own addresses are what others dial.
    [[ $address == 172.1[7-9].* || $address == *:* ]] || names+=",IP:$address"
  done
  printf '%s' "$names"
}

pki_openssl() {
  openssl "$@" 2>"$LOGS/openssl.log" || fail "openssl $1 failed." "$LOGS/openssl.log" "check that $PKI is writable, or remove it to start anew."
}

pki_key() { # FILE
  (umask 077 && pki_openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1")
}

# Both halves there, and the certificate good for another month.
pki_fresh() { # NAME
  [[ -s $PKI/$1.key && -s $PKI/$1.crt ]] && openssl x509 -in "$PKI/$1.crt" -noout -checkend "$PKI_RENEW_SECONDS" >/dev/null 2>&1
}

pki_authority() { # NAME CN
  pki_fresh "$1" && return
  pki_key "$PKI/$1.key"
  pki_openssl req -x509 -new -sha256 -days "$PKI_DAYS" -key "$PKI/$1.key" -subj "/CN=$2" \
    -addext "keyUsage=critical,digitalSignature,keyCertSign,cRLSign" -out "$PKI/$1.crt"
  # A new authority makes everything that the old one signed worthless.
  find "$PKI" -name '*.crt' ! -name ca.crt ! -name etcd-ca.crt -delete
  PKI_MADE=$((PKI_MADE + 1))
}

# One certificate for both roles, server and client: our daemons serve and call under the same name.
pki_leaf() { # NAME CA SUBJECT SUBJECT_ALT_NAMES
  pki_fresh "$1" && return
  pki_key "$PKI/$1.key"
  pki_openssl req -new -sha256 -key "$PKI/$1.key" -subj "$3" -out "$PKI/$1.csr"
  {
    printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n'
    [[ -z $4 ]] || printf 'subjectAltName=%s\n' "$4"
  } >"$PKI/$1.ext"
  pki_openssl x509 -req -sha256 -days "$PKI_DAYS" -in "$PKI/$1.csr" -CA "$PKI/$2.crt" -CAkey "$PKI/$2.key" \
    -set_serial "0x$(od -An -N15 -tx1 /dev/urandom | tr -d ' \n' | sed 's/^/01/')" -extfile "$PKI/$1.ext" -out "$PKI/$1.crt"
  rm -f "$PKI/$1.csr" "$PKI/$1.ext"
  PKI_MADE=$((PKI_MADE + 1))
}

# The pair that signs and checks service account tokens.
pki_signing_key() {
  [[ -s $PKI/sa.key && -s $PKI/sa.pub ]] && return
  pki_key "$PKI/sa.key"
  pki_openssl pkey -in "$PKI/sa.key" -pubout -out "$PKI/sa.pub"
  PKI_MADE=$((PKI_MADE + 1))
}

# Written anew each time, for the port or a certificate may have changed.
pki_kubeconfig() { # NAME USER
  local file=$MINIK8S_HOME/$1.conf
  (
    umask 077
    cat >"$file.new" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: minik8s
  cluster:
    certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")
    server: https://127.0.0.1:$API_PORT
users:
- name: $2
  user:
    client-certificate-data: $(base64 -w0 "$PKI/$1.crt")
    client-key-data: $(base64 -w0 "$PKI/$1.key")
contexts:
- name: $2@minik8s
  context:
    cluster: minik8s
    user: $2
current-context: $2@minik8s
YAML
  )
  mv "$file.new" "$file"
}
