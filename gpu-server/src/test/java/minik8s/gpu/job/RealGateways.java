package minik8s.gpu.job;

import java.util.Optional;
import minik8s.api.Secret;
import minik8s.control.Timers;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.GatewayMeter;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteSlurm;
import minik8s.gpu.slurm.SlurmGateway;
import minik8s.gpu.slurm.ssh.Credentials;
import minik8s.gpu.slurm.ssh.SshRemote;
import minik8s.gpu.slurm.ssh.Target;

/** Gateways over real SSH. */
record RealGateways(GatewayMeter meter) implements ClusterReconciler.GatewayFactory {
  @Override
  public SlurmGateway make(SlurmCluster cluster, Secret secret, Optional<RemoteFailure> refused)
      throws RemoteFailure {
    SlurmCluster.Spec spec = cluster.spec();
    Timers timers = Timers.system();
    Target target = new Target(spec.host(), spec.sshPort(), spec.hostKeys(), spec.spacing());
    Credentials credentials = Credentials.of(secret, spec.authentication());
    return new RemoteSlurm(
        new SshRemote(target, null, credentials, refused, timers, meter), spec, timers.clock());
  }
}
