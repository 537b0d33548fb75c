package minik8s.gpu;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The script that Slurm runs, and the one that compiles on the login host. Pure. The header holds
 * nothing but values from {@link Allowed} lists; the user's own lines stand in the body, where they
 * are the job, and in no line that is meant to do something else.
 *
 * <p>The script takes a directory as its lock, so that a second job for the same attempt ends at
 * once, and leaves marks that SFTP can see without asking Slurm.
 */
public final class SbatchScript {
  private final JobSettings settings;
  private final JobPlace place;
  private final StringBuilder text = new StringBuilder();

  private SbatchScript(JobSettings settings, JobPlace place) {
    this.settings = settings;
    this.place = place;
  }

  /** The batch script of one attempt. */
  public static String render(JobSettings settings, JobPlace place) {
    SbatchScript script = new SbatchScript(settings, place);
    script.header();
    script.lock();
    script.marks();
    script.surroundings();
    if (settings.compilesInJob()) {
      script.body("compile", settings.compileScripts());
    }
    script.body("run", settings.runScripts());
    return script.text.toString();
  }

  /** The script that compiles on the login host; empty lines of the user stay as they are. */
  public static String compile(JobSettings settings, JobPlace place) {
    SbatchScript script = new SbatchScript(settings, place);
    script.line("#!/bin/bash");
    script.line("set -euo pipefail");
    script.line("exec </dev/null >>" + quoted(place.directory() + "/compile.log") + " 2>&1");
    script.line("# Whoever makes this directory compiles; asked again, there is nothing to do.");
    script.line("mkdir " + quoted(place.directory() + "/compile.lock") + " || exit 0");
    script.line("minik8s_mark() {");
    script.line("  local mark=" + quoted(place.marks() + "/" + place.token()) + ".\"$1\"");
    script.line(
        "  { printf '%s\\n' \"$2\" >\"$mark.new\" && mv -f \"$mark.new\" \"$mark\"; } || true");
    script.line("}");
    script.line("trap 'minik8s_mark compiled \"$?\"' EXIT");
    script.surroundings();
    script.body("compile", settings.compileScripts());
    return script.text.toString();
  }

  private void header() {
    line("#!/bin/bash");
    option("job-name", place.slurmName());
    option("comment", place.comment());
    line("#SBATCH --no-requeue");
    option("chdir", place.work());
    option("output", place.work() + "/" + Allowed.OUTPUT.of(settings.output()));
    option("error", place.work() + "/" + Allowed.OUTPUT.of(settings.error()));
    option("partition", settings.partition(), Allowed.WORD);
    option("account", settings.account(), Allowed.WORD);
    option("qos", settings.qos(), Allowed.WORD);
    option("nodes", settings.nodes());
    option("ntasks-per-node", settings.ntasksPerNode());
    option("cpus-per-task", settings.cpusPerTask());
    option("gres", settings.gres(), Allowed.GRES);
    option("mem", settings.memory(), Allowed.MEMORY);
    option("time", settings.time(), Allowed.TIME);
    option("array", settings.array(), Allowed.ARRAY);
    option("dependency", settings.dependency(), Allowed.DEPENDENCY);
    option("constraint", settings.constraint(), Allowed.CONSTRAINT);
    if (settings.exclusive()) {
      line("#SBATCH --exclusive");
    }
    GpuJob.Mail mail = settings.mail();
    if (mail != null) {
      option("mail-user", mail.user(), Allowed.MAIL_USER);
      option(
          "mail-type",
          mail.type().stream().map(Allowed.MAIL_TYPE::of).collect(Collectors.joining(",")));
    }
    line("");
    line("set -euo pipefail");
  }

  private void lock() {
    line("");
    line("# One job per attempt: the first to make this directory runs, any other ends at once.");
    line("minik8s_task=${SLURM_ARRAY_TASK_ID:+.$SLURM_ARRAY_TASK_ID}");
    line("minik8s_job=${SLURM_ARRAY_JOB_ID:-${SLURM_JOB_ID:-none}}");
    line("minik8s_lock=" + quoted(place.directory() + "/run") + "$minik8s_task.lock");
    line("if mkdir \"$minik8s_lock\"; then");
    line("  printf '%s\\n' \"$minik8s_job\" >\"$minik8s_lock/job\"");
    line("elif [[ $(cat \"$minik8s_lock/job\") != \"$minik8s_job\" ]]; then");
    line("  echo \"minik8s: another job runs this attempt, nothing was done\" >&2");
    line("  exit 0");
    line("fi");
  }

  private void marks() {
    line("");
    line("# Marks tell the gpu-server how far this is, so that it need not ask Slurm.");
    line("minik8s_mark() {");
    line("  local mark=" + quoted(place.marks() + "/" + place.token()) + ".\"$1$minik8s_task\"");
    line("  { printf '%s\\n' \"$2\" >\"$mark.new\" && mv -f \"$mark.new\" \"$mark\"; } || true");
    line("}");
    line("rm -f " + quoted(place.marks() + "/" + place.token()) + ".end-*\"$minik8s_task\"");
    line("minik8s_mark start \"$minik8s_job\"");
    line("trap 'minik8s_mark \"end-$?\" \"$minik8s_job\"' EXIT");
  }

  /** The administrator's lines may look at unset variables and fail, as /etc/profile does. */
  private void surroundings() {
    if (!settings.environment().isEmpty()) {
      line("");
      line("set +eu");
      settings.environment().forEach(this::line);
      line("set -eu");
    }
    if (!settings.modules().isEmpty()) {
      line("");
      line("set +u");
      settings
          .modules()
          .forEach(module -> line("module load " + quoted(Allowed.MODULE.of(module))));
      line("set -u");
    }
  }

  /**
   * In a shell of their own, so that neither {@code exit} nor a trap of the user's hides the end.
   */
  private void body(String what, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    line("");
    line("# " + what);
    line("cd " + quoted(place.work()));
    line("(");
    lines.forEach(entry -> line(entry.replace("\r\n", "\n").replace('\r', '\n')));
    line(")");
  }

  private void option(String name, @Nullable Integer value) {
    if (value != null) {
      option(name, Integer.toString(value));
    }
  }

  private void option(String name, String value, Allowed list) {
    if (!value.isEmpty()) {
      option(name, list.of(value));
    }
  }

  private void option(String name, String value) {
    line("#SBATCH --" + name + "=\"" + value + '"');
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** A shell word of a text that holds no quote; see {@link Allowed}. */
  private static String quoted(String value) {
    if (value.indexOf('\'') >= 0 || value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a quote or newline in a path");
    }
    return "'" + value + "'";
  }
}
