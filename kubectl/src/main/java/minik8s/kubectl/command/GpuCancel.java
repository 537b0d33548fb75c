package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minik8s.kubectl.client.ApiServer;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl gpu cancel}: ends jobs for good, keeping the objects and what came of them. */
final class GpuCancel implements Verb {
  @Override
  public void flags(Flags flags) {
    Changes.flags(flags, "kubectl-gpu");
  }

  @Override
  public Help help() {
    return new Help(
        "Cancel GPU jobs. Their objects and results stay; kubectl delete takes those away as well.",
        "kubectl gpu cancel matrix-add",
        "gpu cancel NAME...");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    if (arguments.words().isEmpty()) {
      throw new KubectlException(
          "error: at least one NAME is required\nSee 'kubectl gpu cancel -h' for help and"
              + " examples");
    }
    Changes changes = new Changes(session, arguments);
    List<KubectlException> failures = new ArrayList<>();
    for (String name : arguments.words()) {
      try {
        one(session, changes, name);
      } catch (ServerException e) {
        failures.add(e);
      }
    }
    Targets.settle(failures);
    return 0;
  }

  private static void one(Session session, Changes changes, String name) {
    String path = GpuJobs.TYPE.path(session.namespace(), name);
    Map<String, Object> job = session.server().get(path);
    if (GpuJobs.ended(job)) {
      session.complain(
          "gpujob \"" + name + "\" has ended already: " + Tree.text(job, "status", "phase"));
      return;
    }
    if (!changes.local()) {
      Query query = changes.query();
      job =
          session
              .server()
              .patch(path + query, ApiServer.MERGE, Tree.of("spec", Tree.of("cancelled", true)));
    }
    changes.report(Item.live(GpuJobs.TYPE, job), "cancelled");
  }
}
