package minik8s.gpu.slurm;

import java.util.Optional;
import minik8s.control.Timers;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.ssh.Credentials;
import minik8s.gpu.slurm.ssh.SshRemote;
import minik8s.gpu.slurm.ssh.Target;
import minik8s.gpu.testbed.TestBed;
import org.junit.jupiter.api.AfterAll;

/** A real Slurm behind real SSH. */
class RemoteSlurmIT extends SlurmGatewayContract {
  private static final TestBed BED = TestBed.shared();
  private static final Timers TIMERS = Timers.system();
  private static final SlurmGateway GATEWAY = make();

  private static SlurmGateway make() {
    SlurmCluster.Spec spec = BED.cluster("lab", "hpc", "contract").spec();
    try {
      Target target = new Target(spec.host(), spec.sshPort(), spec.hostKeys(), spec.spacing());
      Credentials credentials = Credentials.of(BED.keySecret("hpc"), "Auto");
      return new RemoteSlurm(
          new SshRemote(target, null, credentials, Optional.empty(), TIMERS, GatewayMeter.NONE),
          spec,
          TIMERS.clock());
    } catch (RemoteFailure e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  static void close() {
    GATEWAY.close();
    TIMERS.close();
  }

  @Override
  SlurmGateway gateway() {
    return GATEWAY;
  }

  @Override
  void pass() throws InterruptedException {
    Thread.sleep(200);
  }
}
