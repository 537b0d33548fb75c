package minik8s.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a job's wish and its cluster's rules into settings, or into the list of what is wrong with
 * it. Pure; one use per instance, confined to the caller.
 */
public final class JobCheck {
  private static final Pattern COUNT = Pattern.compile("\\d{1,6}");

  /** How a check ended. */
  public sealed interface Outcome {
    /** All is well. */
    record Valid(JobSettings settings) implements Outcome {}

    /** Not to be submitted; sentences that name the fields. */
    record Invalid(List<String> problems) implements Outcome {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  private final GpuJob job;
  private final GpuJob.Spec spec;
  private final SlurmCluster.@Nullable Spec cluster;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private JobCheck(GpuJob job, SlurmCluster.@Nullable Spec cluster) {
    this.job = job;
    this.spec = job.spec();
    this.cluster = cluster;
  }

  /**
   * Checks a job.
   *
   * @param cluster null when it is not known, as for {@code kubectl gpu script} of a stranger
   */
  public static Outcome of(GpuJob job, SlurmCluster.@Nullable Spec cluster) {
    return new JobCheck(job, cluster).run();
  }

  private Outcome run() {
    GpuJob.Slurm asked = spec.slurm();
    if (spec.runScripts().isEmpty()) {
      problems.add("spec.runScripts: at least one line is needed");
    }
    if (!spec.compileOn().equals("login") && !spec.compileOn().equals("job")) {
      problems.add("spec.compileOn: login or job");
    }
    String partition = partition(asked);
    Optional<SlurmCluster.PartitionLimits> limits =
        cluster == null ? Optional.empty() : cluster.limitsOf(partition);
    String account =
        listed("account", asked.account(), cluster == null ? List.of() : cluster.accounts(), true);
    String qos = listed("qos", asked.qos(), cluster == null ? List.of() : cluster.qos(), false);
    if (qos.isEmpty()) {
      qos = limits.map(SlurmCluster.PartitionLimits::qos).orElse("");
    }
    int nodes = earlier("numProcess", "nodes", spec.numProcess(), asked.nodes(), 1);
    int tasks =
        earlier(
            "numTasksPerNode", "ntasksPerNode", spec.numTasksPerNode(), asked.ntasksPerNode(), 1);
    String gres = gres(asked);
    int gpus = gpus(gres);
    Integer cpus = cpus(asked, limits, tasks, gpus, partition);
    limits.ifPresent(rule -> sizes(rule, nodes, gpus, asked.time()));
    earlierPlaces();
    checked(Allowed.MEMORY, "slurm.memory", asked.memory());
    checked(Allowed.TIME, "slurm.time", asked.time());
    checked(Allowed.ARRAY, "slurm.array", asked.array());
    checked(Allowed.DEPENDENCY, "slurm.dependency", asked.dependency());
    checked(Allowed.CONSTRAINT, "slurm.constraint", asked.constraint());
    mail(asked.mail());
    List<String> modules = new ArrayList<>(cluster == null ? List.of() : cluster.modules());
    modules.addAll(asked.modules());
    modules.forEach(module -> checked(Allowed.MODULE, "slurm.modules", module));
    spec.collect().forEach(glob -> checked(Allowed.GLOB, "collect", glob));
    String middle = asked.array().isEmpty() ? "" : "-%a";
    String output = outputName("outputFile", spec.outputFile(), middle + ".out");
    String error = outputName("errorFile", spec.errorFile(), middle + ".err");
    if (!problems.isEmpty()) {
      return new Outcome.Invalid(problems);
    }
    return new Outcome.Valid(
        new JobSettings(
            partition,
            account,
            qos,
            nodes,
            tasks,
            cpus,
            gres,
            asked.memory().replace("i", ""),
            asked.time(),
            asked.array(),
            asked.dependency(),
            asked.constraint(),
            asked.exclusive(),
            modules,
            asked.mail(),
            output,
            error,
            cluster == null ? List.of() : cluster.environment(),
            spec.compileOn().equals("job"),
            spec.compileScripts(),
            spec.runScripts(),
            spec.collect(),
            warnings));
  }

  private void checked(Allowed list, String field, String value) {
    if (!value.isEmpty() && !list.holds(value)) {
      problems.add("spec." + field + ": has characters that are not allowed there");
    }
  }

  private String partition(GpuJob.Slurm asked) {
    String partition = asked.partition();
    checked(Allowed.WORD, "slurm.partition", partition);
    if (cluster == null) {
      return partition;
    }
    if (partition.isEmpty()) {
      return cluster.defaultPartition();
    }
    List<String> allowed = cluster.allowedPartitions();
    if (!allowed.isEmpty() && !allowed.contains(partition)) {
      problems.add(
          "spec.slurm.partition: not among the partitions of this cluster: "
              + String.join(", ", allowed));
    }
    return partition;
  }

  private String listed(String field, String asked, List<String> known, boolean firstIsDefault) {
    checked(Allowed.WORD, "slurm." + field, asked);
    if (asked.isEmpty()) {
      return firstIsDefault && !known.isEmpty() ? known.getFirst() : "";
    }
    if (!known.isEmpty() && !known.contains(asked)) {
      problems.add(
          "spec.slurm." + field + ": not among those of this cluster: " + String.join(", ", known));
    }
    return asked;
  }

  /** The value of a field that had another name once; the new name wins. */
  private int earlier(
      String oldName, String newName, @Nullable Integer old, @Nullable Integer now, int fallback) {
    if (old != null) {
      warnings.add(
          "spec."
              + oldName
              + " is an earlier name of spec.slurm."
              + newName
              + (now == null ? "" : ", which wins"));
    }
    int value = now != null ? now : old != null ? old : fallback;
    if (value < 1) {
      problems.add("spec.slurm." + newName + ": at least 1");
    }
    return value;
  }

  private String gres(GpuJob.Slurm asked) {
    checked(Allowed.GRES, "slurm.gres", asked.gres());
    if (spec.numGpus() != null) {
      warnings.add(
          "spec.numGpus is an earlier name of spec.slurm.gpus"
              + (asked.gpus() == null && asked.gres().isEmpty() ? "" : ", which wins"));
    }
    if (!asked.gres().isEmpty()) {
      if (asked.gpus() != null) {
        problems.add("spec.slurm: gpus and gres exclude each other");
      }
      return asked.gres();
    }
    Integer gpus = asked.gpus() != null ? asked.gpus() : spec.numGpus();
    if (gpus != null && gpus < 0) {
      problems.add("spec.slurm.gpus: not below 0");
    }
    return gpus == null || gpus <= 0 ? "" : "gpu:" + gpus;
  }

  /** How many GPUs a gres text asks for on each node. */
  static int gpus(String gres) {
    int sum = 0;
    for (String part : gres.split(",")) {
      String[] words = part.split(":");
      String last = words[words.length - 1];
      if (words[0].equals("gpu")) {
        sum += words.length > 1 && COUNT.matcher(last).matches() ? Integer.parseInt(last) : 1;
      }
    }
    return sum;
  }

  private @Nullable Integer cpus(
      GpuJob.Slurm asked,
      Optional<SlurmCluster.PartitionLimits> limits,
      int tasks,
      int gpus,
      String partition) {
    if (spec.cpusPerTask() != null) {
      warnings.add(
          "spec.cpusPerTask is an earlier name of spec.slurm.cpusPerTask"
              + (asked.cpusPerTask() == null ? "" : ", which wins"));
    }
    Integer cpus = asked.cpusPerTask() != null ? asked.cpusPerTask() : spec.cpusPerTask();
    if (cpus != null && cpus < 1) {
      problems.add("spec.slurm.cpusPerTask: at least 1");
    }
    Integer perGpu = limits.map(SlurmCluster.PartitionLimits::cpusPerGpu).orElse(null);
    if (perGpu == null || gpus == 0) {
      return cpus;
    }
    if (cpus == null) {
      return Math.max(1, perGpu * gpus / Math.max(1, tasks));
    }
    if ((long) cpus * tasks > (long) perGpu * gpus) {
      problems.add(
          "spec.slurm.cpusPerTask: partition %s allows %d CPUs per GPU, so %d GPU(s) allow %d CPUs on a node, not %d"
              .formatted(partition, perGpu, gpus, perGpu * gpus, (long) cpus * tasks));
    }
    return cpus;
  }

  private void sizes(SlurmCluster.PartitionLimits rule, int nodes, int gpus, String time) {
    Integer maxGpus = rule.maxGpus();
    if (maxGpus != null && gpus > maxGpus) {
      problems.add(
          "spec.slurm.gpus: partition %s has %d per node, not %d"
              .formatted(rule.partition(), maxGpus, gpus));
    }
    Integer maxNodes = rule.maxNodes();
    if (maxNodes != null && nodes > maxNodes) {
      problems.add(
          "spec.slurm.nodes: partition %s gives a job %d, not %d"
              .formatted(rule.partition(), maxNodes, nodes));
    }
    boolean comparable =
        !rule.maxTime().isEmpty() && Allowed.TIME.holds(time) && Allowed.TIME.holds(rule.maxTime());
    if (comparable && SlurmTime.parse(time).compareTo(SlurmTime.parse(rule.maxTime())) > 0) {
      problems.add(
          "spec.slurm.time: partition %s gives a job %s, not %s"
              .formatted(rule.partition(), rule.maxTime(), time));
    }
  }

  private void earlierPlaces() {
    GpuJob.RetryPolicy retries = spec.retryPolicy();
    if (retries.earlier()) {
      warnings.add(
          "spec.retryPolicy.on is an earlier name of spec.retryPolicy.states"
              + (retries.states().isEmpty() ? "" : ", which wins"));
    }
    if (!spec.volume().isEmpty()) {
      warnings.add("spec.volume is an earlier name of spec.workDirectory.source.hostPath.path");
    }
    if (!spec.workDir().isEmpty()) {
      warnings.add("spec.workDir has no effect: every job has a directory of its own");
    }
  }

  private void mail(GpuJob.@Nullable Mail mail) {
    if (mail != null) {
      checked(Allowed.MAIL_USER, "slurm.mail.user", mail.user().isEmpty() ? " " : mail.user());
      mail.type().forEach(type -> checked(Allowed.MAIL_TYPE, "slurm.mail.type", type));
    }
  }

  private String outputName(String field, String asked, String suffix) {
    if (asked.isEmpty()) {
      return job.metadata().name() + suffix;
    }
    checked(Allowed.OUTPUT, field, asked);
    return asked;
  }
}
