package minik8s.gpu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job asks of Slurm once the cluster's defaults are filled in, the earlier fields are mapped
 * and everything has been checked. Immutable; made by {@link JobCheck} alone, so whoever holds one
 * may trust its characters.
 *
 * @param gres empty when no generic resources are asked for
 * @param output name of the standard output in the working directory, with Slurm's placeholders
 * @param warnings sentences for the user about fields that were mapped or ignored
 */
public record JobSettings(
    String partition,
    String account,
    String qos,
    int nodes,
    int ntasksPerNode,
    @Nullable Integer cpusPerTask,
    String gres,
    String memory,
    String time,
    String array,
    String dependency,
    String constraint,
    boolean exclusive,
    List<String> modules,
    GpuJob.@Nullable Mail mail,
    String output,
    String error,
    List<String> environment,
    boolean compilesInJob,
    List<String> compileScripts,
    List<String> runScripts,
    List<String> collect,
    List<String> warnings) {
  public JobSettings {
    modules = List.copyOf(modules);
    environment = List.copyOf(environment);
    compileScripts = List.copyOf(compileScripts);
    runScripts = List.copyOf(runScripts);
    collect = List.copyOf(collect);
    warnings = List.copyOf(warnings);
  }

  /** Whether Slurm makes several tasks of this job. */
  public boolean isArray() {
    return !array.isEmpty();
  }

  /** Whether something is compiled on the login host before the job is submitted. */
  public boolean compilesOnLogin() {
    return !compilesInJob && !compileScripts.isEmpty();
  }
}
