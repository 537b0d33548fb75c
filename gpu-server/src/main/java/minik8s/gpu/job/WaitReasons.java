package minik8s.gpu.job;

import java.util.Map;

/**
 * Why Slurm lets a job wait, in words for people. Pure. Source: JOB REASON CODES of {@code squeue}.
 */
final class WaitReasons {
  /**
   * An explanation.
   *
   * @param never whether the job can't start as it is
   */
  record Explained(String message, String advice, boolean never) {}

  private static final Map<String, Explained> KNOWN =
      Map.ofEntries(
          soon("Resources", "it waits for resources that other jobs use"),
          soon("Priority", "jobs of higher priority go first"),
          soon("Dependency", "it waits for the jobs in slurm.dependency"),
          soon("BeginTime", "its begin time has not come"),
          soon("JobArrayTaskLimit", "other tasks of its array run; see the % of slurm.array"),
          soon(
              "AssocGrpGRES",
              "your account uses all the GPUs it may; it starts when some are free"),
          soon(
              "AssocGrpCpuLimit",
              "your account uses all the CPUs it may; it starts when some are free"),
          soon("AssocGrpJobsLimit", "your account runs all the jobs it may"),
          soon("QOSMaxJobsPerUserLimit", "you run all the jobs that this QoS allows at a time"),
          soon("QOSMaxGRESPerUser", "you use all the GPUs that this QoS allows"),
          soon("QOSGrpGRES", "this QoS uses all the GPUs it may"),
          soon("Reservation", "it waits for its reservation"),
          soon("ReqNodeNotAvail", "nodes it needs are reserved, drained or down"),
          soon("Licenses", "it waits for a licence"),
          soon("None", "Slurm has not looked at it yet"),
          never(
              "PartitionTimeLimit",
              "it asks for more time than the partition gives",
              "Cancel it and ask for less in slurm.time."),
          never(
              "PartitionNodeLimit",
              "it asks for more nodes than the partition gives",
              "Cancel it and ask for fewer nodes."),
          never(
              "PartitionConfig",
              "it asks for more than a node of the partition has",
              "Cancel it and ask for less."),
          never(
              "BadConstraints",
              "no node has what it asks for",
              "Cancel it and change slurm.constraint or the resources."),
          never(
              "DependencyNeverSatisfied",
              "a job that it depends on failed",
              "Cancel it; see slurm.dependency."),
          never(
              "JobHeldUser",
              "it is held by its user",
              "Release it on the cluster: scontrol release."),
          never("JobHeldAdmin", "an administrator holds it", "Ask the centre."),
          never(
              "PartitionDown",
              "the partition is down",
              "Wait for the centre, or choose another partition."),
          never(
              "PartitionInactive",
              "the partition is inactive",
              "Wait for the centre, or choose another partition."),
          never(
              "AssocMaxJobsLimit",
              "your account may run no more jobs",
              "Wait for other jobs, or ask the centre."),
          never(
              "QOSMaxGRESPerJob",
              "it asks for more GPUs than the QoS gives a job",
              "Ask for fewer GPUs."),
          never(
              "QOSMaxWallDurationPerJobLimit",
              "it asks for more time than the QoS gives",
              "Ask for less in slurm.time."),
          never("InvalidQOS", "its QoS is not valid any more", "Cancel it and name another QoS."),
          never(
              "InvalidAccount",
              "its account is not valid any more",
              "Cancel it and name another account."));

  private WaitReasons() {}

  private static Map.Entry<String, Explained> soon(String word, String message) {
    return Map.entry(word, new Explained(message, "", false));
  }

  private static Map.Entry<String, Explained> never(String word, String message, String advice) {
    return Map.entry(word, new Explained(message, advice, true));
  }

  /** Explains Slurm's word or sentence. */
  static Explained of(String reason) {
    int end = reason.indexOf(',');
    Explained known = KNOWN.get(end < 0 ? reason : reason.substring(0, end));
    if (known != null) {
      return known;
    }
    if (reason.startsWith("Nodes required for job are")) {
      return new Explained(
          "the nodes it needs are down, drained or reserved", "Wait for the centre.", false);
    }
    return reason.isEmpty()
        ? new Explained("it waits in the queue", "", false)
        : new Explained("Slurm lets it wait: " + reason, "", false);
  }
}
