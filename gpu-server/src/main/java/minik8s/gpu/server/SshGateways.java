package minik8s.gpu.server;

import java.util.Optional;
import minik8s.api.Secret;
import minik8s.control.Timers;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.job.ClusterReconciler;
import minik8s.gpu.slurm.GatewayMeter;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteSlurm;
import minik8s.gpu.slurm.SlurmGateway;
import minik8s.gpu.slurm.ssh.Credentials;
import minik8s.gpu.slurm.ssh.SshRemote;
import minik8s.gpu.slurm.ssh.Target;
import org.jspecify.annotations.Nullable;

/** Gateways over SSH. Stateless. */
record SshGateways(Timers timers, GatewayMeter meter) implements ClusterReconciler.GatewayFactory {
  @Override
  public SlurmGateway make(SlurmCluster cluster, Secret secret, Optional<RemoteFailure> refused)
      throws RemoteFailure {
    SlurmCluster.Spec spec = cluster.spec();
    Credentials credentials = Credentials.of(secret, spec.authentication());
    Target login = new Target(spec.host(), spec.sshPort(), spec.hostKeys(), spec.spacing());
    @Nullable Target data =
        spec.dataHost().isEmpty()
            ? null
            : new Target(spec.dataHost(), spec.sshDataPort(), spec.hostKeys(), spec.spacing());
    SshRemote remote = new SshRemote(login, data, credentials, refused, timers, meter);
    return new RemoteSlurm(remote, spec, timers.clock());
  }
}
