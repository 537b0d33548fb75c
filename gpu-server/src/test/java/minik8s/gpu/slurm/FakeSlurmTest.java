package minik8s.gpu.slurm;

import minik8s.testing.ManualTimers;

/** The cluster in memory that simulations use keeps what a real one keeps. */
class FakeSlurmTest extends SlurmGatewayContract {
  private final FakeSlurm slurm = new FakeSlurm(new ManualTimers().clock());

  @Override
  SlurmGateway gateway() {
    return slurm.gateway(FakeSlurm.Faults.NONE);
  }

  @Override
  void pass() {
    slurm.turn();
  }
}
