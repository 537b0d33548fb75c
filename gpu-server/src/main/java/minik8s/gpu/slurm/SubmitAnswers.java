package minik8s.gpu.slurm;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the submission on the cluster printed. Pure. Source: texts of {@code sbatch}. */
final class SubmitAnswers {
  private static final Pattern ID = Pattern.compile("(?m)^(\\d+)(?:;[A-Za-z0-9_.-]+)?$");

  private record Known(String text, String reason, String advice) {}

  private static final List<Known> REFUSALS =
      List.of(
          new Known(
              "invalid partition",
              "InvalidPartition",
              "Name a partition that the SlurmCluster's status lists."),
          new Known(
              "requested node configuration is not available",
              "ResourcesNotAvailable",
              "No node has that many GPUs, CPUs or that much memory; ask for less per node, or check the GPU type."),
          new Known(
              "invalid generic resource",
              "InvalidGres",
              "The cluster has no such generic resource; see the GRES that sinfo shows."),
          new Known(
              "memory specification can not be satisfied",
              "ResourcesNotAvailable",
              "Ask for less memory per node."),
          new Known(
              "invalid account",
              "InvalidAccount",
              "Name an account that you may use on this partition (sacctmgr show associations)."),
          new Known("invalid qos", "InvalidQOS", "Name a QoS that your account may use, or none."),
          new Known(
              "time limit is invalid",
              "InvalidTimeLimit",
              "Ask for at most the time limit of the partition."),
          new Known("time specification", "InvalidTimeLimit", "Write the time as Slurm does."),
          new Known(
              "more processors requested",
              "ResourcesNotAvailable",
              "Ask for fewer CPUs; a node of this partition has less."),
          new Known(
              "node count specification invalid", "ResourcesNotAvailable", "Ask for fewer nodes."),
          new Known(
              "violates accounting/qos policy",
              "PolicyLimit",
              "Your account's limit of jobs or size is reached; wait for other jobs, or ask for less."),
          new Known(
              "dependency", "InvalidDependency", "Check the job numbers in slurm.dependency."),
          new Known("feature specification", "InvalidConstraint", "No node has that feature."),
          new Known("disk quota", "DiskFull", "Make room on the cluster's file system."));

  private static final List<String> UNAVAILABLE =
      List.of(
          "unable to contact slurm controller",
          "connect failure",
          "connection refused",
          "slurm temporarily unable",
          "temporarily unable to accept job",
          "unable to resolve",
          "slurm controller not available",
          "backup controller",
          "command not found",
          "slurmdb connection",
          "no space left");

  private static final List<String> DOUBTFUL =
      List.of("socket timed out", "zero bytes", "message receive", "timed out");

  private SubmitAnswers() {}

  /**
   * @param output the first line is {@code ACCEPTED}, {@code LOCKED} or {@code FAILED CODE}; the
   *     rest is what sbatch printed
   */
  static SubmitAnswer of(String output) {
    int end = output.indexOf('\n');
    String head = end < 0 ? output.trim() : output.substring(0, end).trim();
    String rest = end < 0 ? "" : output.substring(end + 1).trim();
    if (head.equals("ACCEPTED")) {
      Matcher id = ID.matcher(rest);
      return id.find()
          ? new SubmitAnswer.Accepted(id.group(1))
          : new SubmitAnswer.Doubtful("sbatch gave no job number: " + rest);
    }
    if (head.equals("LOCKED")) {
      return new SubmitAnswer.Doubtful("a submission is under way, or ended half-way");
    }
    if (!head.startsWith("FAILED")) {
      return new SubmitAnswer.Doubtful("no answer from the cluster: " + output.trim());
    }
    return failure(rest);
  }

  private static SubmitAnswer failure(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (DOUBTFUL.stream().anyMatch(lower::contains)) {
      return new SubmitAnswer.Doubtful(text);
    }
    if (UNAVAILABLE.stream().anyMatch(lower::contains)) {
      return new SubmitAnswer.Unavailable(text);
    }
    for (Known known : REFUSALS) {
      if (lower.contains(known.text())) {
        return new SubmitAnswer.Refused(known.reason(), text, known.advice());
      }
    }
    return new SubmitAnswer.Refused(
        "SubmissionRefused", text, "See what sbatch said; kubectl gpu script shows the script.");
  }
}
