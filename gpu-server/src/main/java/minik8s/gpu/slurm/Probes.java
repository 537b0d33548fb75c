package minik8s.gpu.slurm;

import java.util.ArrayList;
import java.util.List;
import minik8s.gpu.SlurmCluster;

/** Reads the answer of a first look. Pure. */
final class Probes {
  private Probes() {}

  static Probe of(String output, String home, String base, List<String> fingerprints) {
    String version = "";
    int user = -1;
    List<SlurmCluster.Partition> partitions = new ArrayList<>();
    for (String line : output.split("\n")) {
      String[] f = line.split("\\|", 5);
      if (line.startsWith("slurm")) {
        version = line.strip();
      } else if (line.matches("uid \\d+")) {
        user = Integer.parseInt(line.substring(4));
      } else if (f.length == 5 && partitions.size() < 256) {
        partitions.add(
            new SlurmCluster.Partition(
                f[0].strip(),
                f[1],
                f[2],
                f[3].matches("\\d{1,9}") ? Integer.parseInt(f[3]) : 0,
                f[4].strip().equals("(null)") ? "" : f[4].strip()));
      }
    }
    return new Probe(version, home, base, user, partitions, fingerprints);
  }
}
