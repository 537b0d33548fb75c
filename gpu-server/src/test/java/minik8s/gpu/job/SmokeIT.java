package minik8s.gpu.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import minik8s.api.Secret;
import minik8s.control.Timers;
import minik8s.gpu.GpuJob;
import minik8s.gpu.SlurmCluster;
import minik8s.gpu.slurm.GatewayMeter;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteSlurm;
import minik8s.gpu.slurm.SlurmGateway;
import minik8s.gpu.slurm.ssh.Credentials;
import minik8s.gpu.slurm.ssh.SshRemote;
import minik8s.gpu.slurm.ssh.Target;
import minik8s.gpu.testbed.TestBed;
import minik8s.testing.FakeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmokeIT {
  @TempDir Path results;

  static SlurmGateway ssh(SlurmCluster cluster, Secret secret, Optional<RemoteFailure> refused)
      throws RemoteFailure {
    SlurmCluster.Spec spec = cluster.spec();
    Timers timers = Timers.system();
    Target target = new Target(spec.host(), spec.sshPort(), spec.hostKeys(), spec.spacing());
    return new RemoteSlurm(
        new SshRemote(target, null, Credentials.of(secret, spec.authentication()), refused, timers, GatewayMeter.NONE),
        spec,
        timers.clock());
  }

  @Test
  void runsAJob() throws Exception {
    TestBed bed = TestBed.shared();
    FakeApi api = new FakeApi();
    try (GpuWorld world = new GpuWorld(api, results, SmokeIT::ssh, null)) {
      world.create(bed.keySecret("hpc"));
      world.create(bed.cluster("lab", "hpc", "smoke"));
      world.create("hello", """
          {"clusterName":"lab","workDirectory":{"source":{"files":[{"path":"src/a.txt","content":"hi there\\n"}]}},
           "compileScripts":["tr a-z A-Z <src/a.txt >a.up"],
           "runScripts":["cat a.up","echo done >out.txt"],"collect":["*.txt"],
           "slurm":{"gpus":1,"time":"5"}}""");
      GpuJob job = world.awaitEnd("hello", Duration.ofSeconds(60));
      System.out.println(job.status());
      assertThat(job.status().current()).isEqualTo(GpuJob.Phase.Succeeded);
      assertThat(Files.readString(results.resolve("default/hello/hello.out"))).isEqualTo("HI THERE\n");
      assertThat(results.resolve("default/hello/out.txt")).hasContent("done");
    }
  }
}
