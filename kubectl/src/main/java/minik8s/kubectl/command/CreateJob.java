package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.document.Tree;

/** {@code kubectl create job}: from an image or from a cron job. */
final class CreateJob implements Verb {
  @Override
  public void flags(Flags flags) {
    Generated.flags(flags)
        .text("--image", "", "Image name to run.")
        .text("--from", "", "The name of the resource to create a Job from (only cronjob).");
  }

  @Override
  public Help help() {
    return new Help(
        "Create a job with the specified name.",
        "kubectl create job my-job --image=busybox -- date",
        "create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String name = Generated.name(arguments, "create job");
    String image = arguments.text("--image");
    String from = arguments.text("--from");
    if (image.isEmpty() == from.isEmpty()) {
      throw KubectlException.error("either --image or --from must be specified");
    }
    if (!from.isEmpty() && !arguments.command().isEmpty()) {
      throw KubectlException.error("cannot specify --from and command");
    }
    Map<String, Object> object = Generated.object(session, "Job", name);
    if (from.isEmpty()) {
      object.put("spec", Tree.of("template", Tree.of("spec", pod(name, image, arguments))));
    } else {
      fromCronJob(session, object, from);
    }
    return Generated.send(session, arguments, object);
  }

  private static Map<String, Object> pod(String name, String image, Arguments arguments) {
    Map<String, Object> container =
        Tree.of("image", image, "name", name, "resources", new LinkedHashMap<String, Object>());
    if (!arguments.command().isEmpty()) {
      container.put("command", new ArrayList<Object>(arguments.command()));
    }
    return Tree.of("containers", Tree.listOf(container), "restartPolicy", "Never");
  }

  private static void fromCronJob(Session session, Map<String, Object> object, String from) {
    int slash = from.indexOf('/');
    boolean cron =
        slash > 0 && session.discovery().byWord(from.substring(0, slash)).kind().equals("CronJob");
    if (!cron) {
      throw KubectlException.error("from must be an existing cronjob");
    }
    String name = from.substring(slash + 1);
    Map<String, Object> source =
        session.server().get(KnownTypes.of("CronJob").path(session.namespace(), name));
    Map<String, Object> template = Tree.map(source, "spec", "jobTemplate");
    Map<String, Object> metadata = Tree.child(object, "metadata");
    Map<String, Object> annotations =
        new LinkedHashMap<>(Tree.map(template, "metadata", "annotations"));
    annotations.put("cronjob.kubernetes.io/instantiate", "manual");
    metadata.put("annotations", annotations);
    if (!Tree.map(template, "metadata", "labels").isEmpty()) {
      metadata.put("labels", Tree.map(template, "metadata", "labels"));
    }
    metadata.put(
        "ownerReferences",
        Tree.listOf(
            Tree.of(
                "apiVersion",
                "batch/v1",
                "controller",
                true,
                "kind",
                "CronJob",
                "name",
                name,
                "uid",
                Tree.text(source, "metadata", "uid"))));
    object.put("spec", Tree.map(template, "spec"));
  }
}
