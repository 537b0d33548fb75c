package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.manifest.GpuJobFiles;

/** {@code kubectl gpu submit}: a new job from flags or from files. */
final class GpuSubmit implements Verb {
  /** Flags with the fields of spec.slurm that they set. */
  private static final String[][] TEXTS = {
    {"--partition", "partition", "Partition to run in."},
    {"--account", "account", "Account to charge."},
    {"--qos", "qos", "Quality of service."},
    {"--memory", "memory", "Memory per node, such as 16G."},
    {"--time", "time", "Time limit as Slurm writes it, such as 30 or 1:00:00."},
    {"--array", "array", "Task numbers, such as 0-9%2."},
    {"--gres", "gres", "Generic resources per node; instead of --gpus."},
    {"--dependency", "dependency", "Other Slurm jobs to wait for, such as afterok:17."},
  };

  private static final String[][] NUMBERS = {
    {"--gpus", "gpus", "GPUs per node."},
    {"--cpus-per-task", "cpusPerTask", "CPUs per task."},
    {"--nodes", "nodes", "Nodes."},
    {"--tasks-per-node", "ntasksPerNode", "Tasks per node."},
  };

  @Override
  public void flags(Flags flags) {
    Changes.validated(Changes.flags(Targets.files(flags), "kubectl-gpu"))
        .bool("--save-config", "Save the configuration in the object's annotation for apply.")
        .text("-l --selector", "", "Selector (label query) on the objects of the files.")
        .text("--raw", "", "Accepted and ignored.")
        .text("--on", "", "The SlurmCluster to run on.")
        .text("-d --directory", "", "Local folder with the sources, below the current one.")
        .list("--include", "Pattern of files to pack; the usual sources when absent.")
        .list("--exclude", "Pattern of files to leave out.")
        .list("--compile", "Line of shell that compiles; may be given several times.")
        .list("--run", "Line of shell that is the job; may be given several times.")
        .list("--collect", "Pattern of further files to bring back.")
        .list("--module", "Module to load.")
        .bool("--compile-in-job", "Compile at the start of the job, not on the login host.");
    for (String[] text : TEXTS) {
      flags.text(text[0], "", text[2]);
    }
    for (String[] number : NUMBERS) {
      flags.text(number[0], "", number[2]);
    }
  }

  @Override
  public Help help() {
    return new Help(
        "Submit a GPU job made from flags, or the jobs of a file.",
        "# Compile and run what is in a folder, on one GPU\nkubectl gpu submit matrix-add --on pi -d"
            + " matrix-add --compile 'nvcc -o matrix_add *.cu' --run ./matrix_add --gpus 1\n\n# See"
            + " the manifest without submitting\nkubectl gpu submit matrix-add --on pi --run hostname"
            + " --dry-run=client -o yaml\n\n# From a file\nkubectl gpu submit -f job.yaml",
        "gpu submit (NAME --on CLUSTER --run COMMAND [-d FOLDER] | -f FILENAME)");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    if (!arguments.list("--filename").isEmpty()) {
      return new Create().run(session, arguments);
    }
    String name = GpuJobs.name(arguments, "submit");
    Map<String, Object> job =
        Tree.of(
            "apiVersion",
            GpuJobs.TYPE.apiVersion(),
            "kind",
            GpuJobs.TYPE.kind(),
            "metadata",
            Tree.of("name", name, "namespace", session.namespace()),
            "spec",
            spec(arguments));
    if (GpuJobFiles.wanting(job)) {
      GpuJobFiles.pack(job, "");
    }
    Changes changes = new Changes(session, arguments);
    Map<String, Object> object = arguments.bool("--save-config") ? LastApplied.annotate(job) : job;
    if (!changes.local()) {
      object =
          session
              .server()
              .post(GpuJobs.TYPE.path(session.namespace()) + changes.validatedQuery(), object);
    }
    changes.report(new Item(GpuJobs.TYPE, session.namespace(), name, object, ""), "submitted");
    return 0;
  }

  private static Map<String, Object> spec(Arguments arguments) {
    if (arguments.text("--on").isEmpty()) {
      throw KubectlException.error(
          "--on must name the SlurmCluster to run on (see: kubectl get slurmclusters)");
    }
    if (arguments.list("--run").isEmpty()) {
      throw KubectlException.error("--run must say what the job does");
    }
    Map<String, Object> spec = Tree.of("clusterName", arguments.text("--on"));
    String directory = arguments.text("--directory");
    if (!directory.isEmpty()) {
      Map<String, Object> work = Tree.of("path", directory);
      put(work, "include", arguments.list("--include"));
      put(work, "exclude", arguments.list("--exclude"));
      spec.put("workDirectory", work);
    }
    put(spec, "compileScripts", arguments.list("--compile"));
    if (arguments.bool("--compile-in-job")) {
      spec.put("compileOn", "job");
    }
    put(spec, "runScripts", arguments.list("--run"));
    Map<String, Object> slurm = slurm(arguments);
    if (!slurm.isEmpty()) {
      spec.put("slurm", slurm);
    }
    put(spec, "collect", arguments.list("--collect"));
    return spec;
  }

  private static Map<String, Object> slurm(Arguments arguments) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (String[] text : TEXTS) {
      if (!arguments.text(text[0]).isEmpty()) {
        out.put(text[1], arguments.text(text[0]));
      }
    }
    for (String[] number : NUMBERS) {
      if (!arguments.text(number[0]).isEmpty()) {
        out.put(number[1], arguments.number(number[0]));
      }
    }
    put(out, "modules", arguments.list("--module"));
    return out;
  }

  private static void put(Map<String, Object> to, String field, List<String> values) {
    if (!values.isEmpty()) {
      to.put(field, new ArrayList<Object>(values));
    }
  }
}
