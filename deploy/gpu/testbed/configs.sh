# shellcheck shell=bash
# What the test bed's files say: settings, users, keys, and the configuration of six daemons.

readonly SETTINGS=(SSH_PORT DB_PORT CTLD_PORT SLURMD_PORT DBD_PORT KEY_USER PASSWORD_USER PASSWORD DB_PASSWORD
  NODE PARTITION GPUS GPU_TYPE CPUS MEMORY_MB PART_LIMITS)

settings_load() {
  local key value
  [[ -f $BED/testbed.env ]] || return 1
  while IFS='=' read -r key value; do
    [[ $key =~ ^[A-Z_]+$ ]] && printf -v "$key" '%s' "$value"
  done <"$BED/testbed.env"
  return 0
}

# From the environment or by default, once; the two passwords by chance.
settings_choose() {
  local name suffix=""
  if [[ -n ${PORT_BASE:-} ]]; then
    SSH_PORT=$PORT_BASE DB_PORT=$((PORT_BASE + 1)) CTLD_PORT=$((PORT_BASE + 2)) SLURMD_PORT=$((PORT_BASE + 3)) DBD_PORT=$((PORT_BASE + 4))
  fi
  : "${SSH_PORT:=2222}" "${DB_PORT:=33306}" "${CTLD_PORT:=16817}" "${SLURMD_PORT:=16818}" "${DBD_PORT:=16819}"
  # Two test beds must not share users: their homes and their jobs' control groups go by user.
  [[ $BED == /var/lib/minik8s-slurm ]] || suffix=$SSH_PORT
  : "${KEY_USER:=hpc$suffix}" "${PASSWORD_USER:=hpcpw$suffix}"
  : "${NODE:=dgx2-1}" "${PARTITION:=dgx2}" "${GPUS:=4}" "${GPU_TYPE:=v100}" "${CPUS:=16}" "${MEMORY_MB:=64000}" "${PART_LIMITS:=ALL}"
  PASSWORD=$(settings_chance) DB_PASSWORD=$(settings_chance)
  for name in SSH_PORT DB_PORT CTLD_PORT SLURMD_PORT DBD_PORT; do
    port_free "${!name}" || fail "Port ${!name} ($name) is held by $(port_holder "${!name}")." "" "choose others: PORT_BASE=23000 $0 start"
  done
  (
    umask 077
    for name in "${SETTINGS[@]}"; do printf '%s=%s\n' "$name" "${!name}"; done >"$BED/testbed.env.new"
  )
  mv "$BED/testbed.env.new" "$BED/testbed.env"
}

settings_chance() { od -An -N12 -tx1 /dev/urandom | tr -d ' \n'; }

users_make() {
  local user
  mkdir -p "$BED/home"
  chmod 755 "$BED/home"
  for user in "$KEY_USER" "$PASSWORD_USER"; do
    getent passwd "$user" >/dev/null || useradd -M -d "$BED/home/$user" -s /bin/bash "$user"
    install -d -m 755 -o "$user" -g "$user" "$BED/home/$user"
  done
  # What useradd leaves means "locked", and sshd lets nobody into a locked account, not even by key.
  usermod -p '*' "$KEY_USER"
  chpasswd <<<"$PASSWORD_USER:$PASSWORD"
}

# Host keys, three user keys in the formats that clients differ about, and a certificate like those that centres issue.
keys_make() {
  local type home=$BED/home/$KEY_USER
  install -d -m 755 "$SSH"
  for type in rsa ecdsa ed25519; do key_make "host_$type" -t "$type"; done
  key_make id_ecdsa_pem -t ecdsa -b 256 -m PEM
  key_make id_rsa_pem -t rsa -b 3072 -m PEM
  key_make id_ed25519 -t ed25519
  key_make user_ca -t ed25519
  key_make id_certified -t ed25519
  [[ -f $SSH/id_certified-cert.pub ]] ||
    ssh-keygen -q -s "$SSH/user_ca" -I "$KEY_USER" -n "$KEY_USER" -V -5m:+520w "$SSH/id_certified.pub"
  install -d -m 700 -o "$KEY_USER" -g "$KEY_USER" "$home/.ssh"
  cat "$SSH"/id_{ecdsa_pem,rsa_pem,ed25519}.pub >"$SSH/authorized_keys"
  install -m 600 -o "$KEY_USER" -g "$KEY_USER" "$SSH/authorized_keys" "$home/.ssh/authorized_keys"
  for type in rsa ecdsa ed25519; do
    printf '[127.0.0.1]:%s %s\n' "$SSH_PORT" "$(cut -d ' ' -f 1,2 "$SSH/host_$type.pub")"
  done >"$SSH/known_hosts"
}

key_make() { # NAME FLAGS…
  local name=$1
  shift
  [[ -f $SSH/$name ]] || ssh-keygen -q -N '' -C slurm-testbed -f "$SSH/$name" "$@"
}

# Where the machine has no CUDA toolkit, a compiler of the same name that knows C++ only, and says so.
compiler_stand_in() {
  rm -f "$BED/bin/nvcc"
  mkdir -p "$BED/bin"
  [[ -x /usr/local/cuda/bin/nvcc || -x /usr/local/bin/nvcc || -x /usr/bin/nvcc ]] && return
  install_programs g++:g++ make:make
  install -m 755 "$HERE/nvcc-stand-in" "$BED/bin/nvcc"
}

configs_write() {
  local i
  mkdir -p "$ETC" "$RUN" "$LOGS" "$MUNGE" "$BED/state" "$BED/spool" "$BED/dev"
  chmod 755 "$ETC" "$RUN" "$LOGS" "$MUNGE"
  # munged wants every folder above its socket to be root's or its own, so it has one apart from Slurm's.
  chown munge: "$MUNGE"
  chown slurm: "$BED/state" "$LOGS" "$RUN"
  [[ -f $MUNGE/munge.key ]] || head -c 1024 /dev/urandom >"$MUNGE/munge.key"
  chown munge: "$MUNGE/munge.key"
  chmod 400 "$MUNGE/munge.key"
  # Slurm takes only device files for GPUs. Those of NVIDIA's numbers can be made without a driver.
  for ((i = 0; i < GPUS; i++)); do [[ -c $BED/dev/gpu$i ]] || mknod -m 666 "$BED/dev/gpu$i" c 195 "$i"; done
  config_slurm >"$ETC/slurm.conf"
  config_gres >"$ETC/gres.conf"
  config_cgroup >"$ETC/cgroup.conf"
  (umask 077 && config_slurmdbd >"$ETC/slurmdbd.conf")
  chown slurm: "$ETC/slurmdbd.conf"
  config_mariadb >"$ETC/mariadb.cnf"
  config_sshd >"$ETC/sshd_config"
}

# Control groups of version 1 let a job run out of memory; elsewhere Slurm falls back to process ids.
has_cgroups_v1() { [[ -d /sys/fs/cgroup/memory && -d /sys/fs/cgroup/freezer ]]; }

config_slurm() {
  local host
  host=$(hostname -s)
  cat <<CONF
ClusterName=testbed
SlurmctldHost=$host(127.0.0.1)
SlurmUser=slurm
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$MUNGE/munge.socket
SlurmctldPort=$CTLD_PORT
SlurmdPort=$SLURMD_PORT
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPidFile=$RUN/slurmctld.pid
SlurmdPidFile=$RUN/slurmd.pid
SlurmctldLogFile=$LOGS/slurmctld.log
SlurmdLogFile=$LOGS/slurmd.log
StateSaveLocation=$BED/state
SlurmdSpoolDir=$BED/spool
MailProg=/bin/true
MpiDefault=none
SwitchType=switch/none
$(if has_cgroups_v1; then printf 'ProctrackType=proctrack/cgroup\nTaskPlugin=task/cgroup\nPrologFlags=Contain\n'; else
    printf 'ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\n'
  fi)
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=2,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=1000
GresTypes=gpu
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
ReturnToService=2
EnforcePartLimits=$PART_LIMITS
SlurmdTimeout=20
SlurmctldTimeout=30
KillWait=5
MinJobAge=300
InactiveLimit=0
MaxJobCount=20000
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=$DBD_PORT
# Not only AuthInfo: sacctmgr, sacct and slurmctld look for munge's socket here when they talk to slurmdbd.
AccountingStoragePass=$MUNGE/munge.socket
AccountingStorageTRES=gres/gpu,gres/gpu:$GPU_TYPE
AccountingStorageEnforce=associations,limits,qos
AccountingStoreFlags=job_comment
NodeName=$NODE NodeHostname=$host NodeAddr=127.0.0.1 CPUs=$CPUS Boards=1 SocketsPerBoard=1 CoresPerSocket=$CPUS ThreadsPerCore=1 RealMemory=$MEMORY_MB Gres=gpu:$GPU_TYPE:$GPUS Feature=$GPU_TYPE State=UNKNOWN
PartitionName=$PARTITION Nodes=$NODE Default=YES PriorityTier=10 PreemptMode=OFF DefaultTime=10:00 MaxTime=1:00:00 State=UP
PartitionName=scavenge Nodes=$NODE PriorityTier=1 DefaultTime=10:00 MaxTime=1:00:00 State=UP
CONF
}

config_gres() { printf 'AutoDetect=off\nNodeName=%s Name=gpu Type=%s File=%s/dev/gpu[0-%d]\n' "$NODE" "$GPU_TYPE" "$BED" $((GPUS - 1)); }

# Cores and devices stay unconstrained, for the node has fewer than it says.
config_cgroup() {
  cat <<'CONF'
CgroupPlugin=cgroup/v1
CgroupMountpoint=/sys/fs/cgroup
CgroupAutomount=no
ConstrainCores=no
ConstrainDevices=no
ConstrainRAMSpace=yes
ConstrainSwapSpace=yes
AllowedSwapSpace=0
CONF
}

config_slurmdbd() {
  cat <<CONF
AuthType=auth/munge
AuthInfo=socket=$MUNGE/munge.socket
DbdHost=$(hostname -s)
DbdAddr=127.0.0.1
DbdPort=$DBD_PORT
SlurmUser=slurm
PidFile=$RUN/slurmdbd.pid
LogFile=$LOGS/slurmdbd.log
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=$DB_PORT
StorageUser=slurm
StoragePass=$DB_PASSWORD
StorageLoc=slurm_acct_db
CONF
}

config_mariadb() {
  cat <<CONF
[mysqld]
datadir=$BED/mariadb
socket=$RUN/mariadb.sock
pid-file=$RUN/mariadbd.pid
port=$DB_PORT
bind-address=127.0.0.1
skip-name-resolve
skip-log-bin
innodb_buffer_pool_size=128M
innodb_lock_wait_timeout=900
innodb_flush_log_at_trx_commit=0
CONF
}

# A command over SSH is no login shell: what a centre's profile would set is set here.
config_sshd() {
  cat <<CONF
ListenAddress 127.0.0.1
Port $SSH_PORT
HostKey $SSH/host_rsa
HostKey $SSH/host_ecdsa
HostKey $SSH/host_ed25519
PidFile $RUN/sshd.pid
UsePAM no
PermitRootLogin no
PubkeyAuthentication yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
TrustedUserCAKeys $SSH/user_ca.pub
MaxStartups 50:30:100
MaxSessions 50
AllowUsers $KEY_USER $PASSWORD_USER
SetEnv SLURM_CONF=$SLURM_CONF PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/cuda/bin:$BED/bin
Subsystem sftp internal-sftp
${SSHD_EXTRA:-}
CONF
}
