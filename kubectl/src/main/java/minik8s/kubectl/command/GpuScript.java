package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.api.codec.Json;
import minik8s.gpu.GpuJob;
import minik8s.gpu.JobCheck;
import minik8s.gpu.JobPlace;
import minik8s.gpu.JobSettings;
import minik8s.gpu.SbatchScript;
import minik8s.gpu.SlurmCluster;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.document.Tree;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl gpu script}: the batch script of a job, by the code by which the gpu-server makes
 * it, without submitting anything. The one verb that loads the records of the daemons.
 */
final class GpuScript implements Verb {
  private static final ResourceType CLUSTERS =
      new ResourceType(
          "gpu.minik8s.io",
          "v1",
          "slurmclusters",
          "slurmcluster",
          "SlurmCluster",
          false,
          List.of(),
          List.of(),
          List.of(),
          true);

  @Override
  public void flags(Flags flags) {
    Targets.files(flags)
        .bool("--compile", "Print the script that compiles on the login host instead.");
  }

  @Override
  public Help help() {
    return new Help(
        "Print the script that Slurm would run for a GPU job, without submitting it.",
        "kubectl gpu script matrix-add\nkubectl gpu script -f job.yaml",
        "gpu script (NAME | -f FILENAME) [--compile]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<Map<String, Object>> jobs = new ArrayList<>();
    if (arguments.list("--filename").isEmpty()) {
      String name = GpuJobs.name(arguments, "script");
      jobs.add(session.server().get(GpuJobs.TYPE.path(session.namespace(), name)));
    } else {
      Targets targets = new Targets(session, arguments);
      for (Item item : targets.fileItems()) {
        if (item.type().kind().equals("GpuJob")) {
          jobs.add(item.object());
        }
      }
      targets.settle();
    }
    if (jobs.isEmpty()) {
      throw KubectlException.error("there is no GpuJob in the files");
    }
    for (Map<String, Object> job : jobs) {
      session.streams().out().append(script(session, job, arguments.bool("--compile")));
    }
    return 0;
  }

  private static String script(Session session, Map<String, Object> document, boolean compile) {
    // Only the wish goes into a script.
    Map<String, Object> wish = Tree.copyMap(document);
    wish.remove("status");
    GpuJob job = Json.read(minik8s.kubectl.document.Json.compact(wish), GpuJob.class);
    String name = Tree.text(document, "spec", "clusterName");
    SlurmCluster cluster = cluster(session, name);
    return switch (JobCheck.of(job, cluster == null ? null : cluster.spec())) {
      case JobCheck.Outcome.Invalid invalid ->
          throw KubectlException.error(
              "the gpu-server would refuse this job:\n* "
                  + String.join("\n* ", invalid.problems()));
      case JobCheck.Outcome.Valid valid -> {
        JobSettings settings = valid.settings();
        settings.warnings().forEach(warning -> session.complain("Warning: " + warning));
        int attempt = (int) Math.max(1, Tree.number(document, 1, "status", "attempt"));
        JobPlace place = JobPlace.of(base(session, cluster), job, attempt);
        yield compile
            ? SbatchScript.compile(settings, place)
            : SbatchScript.render(settings, place);
      }
    };
  }

  private static @Nullable SlurmCluster cluster(Session session, String name) {
    Map<String, Object> document = session.server().find(CLUSTERS.path("", name));
    if (document == null) {
      session.complain(
          "Warning: there is no SlurmCluster \"" + name + "\"; its rules and set-up are left out");
      return null;
    }
    return Json.read(minik8s.kubectl.document.Json.compact(document), SlurmCluster.class);
  }

  /** The directory of jobs, which is known once the gpu-server has logged in. */
  private static String base(Session session, @Nullable SlurmCluster cluster) {
    String below = cluster == null ? "minik8s" : cluster.spec().baseDirectory();
    if (below.startsWith("/")) {
      return below;
    }
    String home = cluster == null ? "" : cluster.status().home();
    if (home.isEmpty()) {
      session.complain("Warning: the home directory on the cluster is not known yet");
    }
    return (home.isEmpty() ? "/home/unknown" : home) + "/" + below;
  }
}
