package minik8s.kubectl.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of contents: every verb by its words. Stateless. */
public final class Verbs {
  /** Verbs with one line of help, in groups as {@code kubectl help} shows them. */
  static final String[][] INDEX = {
    {"Basic Commands (Beginner):"},
    {"create", "Create a resource from a file or from stdin"},
    {"expose", "Take a controller, service or pod and expose it as a new Kubernetes service"},
    {"run", "Run a particular image on the cluster"},
    {"set", "Set specific features on objects"},
    {"Basic Commands (Intermediate):"},
    {"explain", "Get documentation for a resource"},
    {"get", "Display one or many resources"},
    {"delete", "Delete resources by file names, stdin, resources and names, or by selector"},
    {"Deploy Commands:"},
    {"rollout", "Manage the rollout of a resource"},
    {"scale", "Set a new size for a deployment, replica set, or replication controller"},
    {"autoscale", "Auto-scale a deployment, replica set, stateful set, or replication controller"},
    {"Cluster Management Commands:"},
    {"cluster-info", "Display cluster information"},
    {"top", "Display resource (CPU/memory) usage"},
    {"cordon", "Mark node as unschedulable"},
    {"uncordon", "Mark node as schedulable"},
    {"drain", "Drain node in preparation for maintenance"},
    {"taint", "Update the taints on one or more nodes"},
    {"Troubleshooting and Debugging Commands:"},
    {"describe", "Show details of a specific resource or group of resources"},
    {"logs", "Print the logs for a container in a pod"},
    {"attach", "Attach to a running container"},
    {"exec", "Execute a command in a container"},
    {"port-forward", "Forward one or more local ports to a pod"},
    {"cp", "Copy files and directories to and from containers"},
    {"debug", "Create debugging sessions for troubleshooting workloads and nodes"},
    {"auth", "Inspect authorization"},
    {"events", "List events"},
    {"Advanced Commands:"},
    {"diff", "Diff the live version against a would-be applied version"},
    {"apply", "Apply a configuration to a resource by file name or stdin"},
    {"patch", "Update fields of a resource"},
    {"replace", "Replace a resource by file name or stdin"},
    {"wait", "Wait for a specific condition on one or many resources"},
    {"GPU Commands:"},
    {"gpu", "Submit GPU jobs to Slurm clusters, follow, cancel, and fetch their results"},
    {"Settings Commands:"},
    {"label", "Update the labels on a resource"},
    {"annotate", "Update the annotations on a resource"},
    {"completion", "Output shell completion code for the specified shell (bash or zsh)"},
    {"Other Commands:"},
    {"api-resources", "Print the supported API resources on the server"},
    {"api-versions", "Print the supported API versions on the server"},
    {"config", "Modify kubeconfig files"},
    {"options", "List the global flags, which apply to all commands"},
    {"version", "Print the client and server version information"},
  };

  private Verbs() {}

  /** The second words of verbs that have them; empty for the others. */
  static List<String> children(String verb) {
    return switch (verb) {
      case "create" ->
          List.of(
              "deployment",
              "configmap",
              "secret",
              "namespace",
              "serviceaccount",
              "job",
              "token",
              "quota",
              "resourcequota",
              "poddisruptionbudget",
              "pdb",
              "priorityclass",
              "pc",
              "cm",
              "ns",
              "sa",
              "deploy");
      case "rollout" -> List.of("history", "pause", "restart", "resume", "status", "undo");
      case "set" -> List.of("image");
      case "top" -> List.of("node", "nodes", "no", "pod", "pods", "po");
      case "auth" -> List.of("can-i", "whoami");
      case "config" ->
          List.of(
              "view",
              "current-context",
              "use-context",
              "get-contexts",
              "set-context",
              "get-clusters",
              "set-cluster",
              "set-credentials",
              "get-users",
              "delete-context",
              "delete-cluster",
              "delete-user",
              "rename-context",
              "set",
              "unset");
      case "completion" -> List.of("bash", "zsh");
      case "gpu" -> List.of("submit", "logs", "cancel", "results", "script");
      default -> List.of();
    };
  }

  /** The verb of one or two words, or null. */
  static @Nullable Verb find(String word, String child) {
    return switch (word) {
      case "get" -> new Get();
      case "apply" -> new Apply();
      case "create" -> child.isEmpty() ? new Create() : Generators.find(child);
      case "delete" -> new Delete();
      case "describe" -> new DescribeVerb();
      case "logs", "log" -> new Logs();
      case "exec" -> new Exec();
      case "attach" -> new Attach();
      case "port-forward" -> new PortForward();
      case "cp" -> new Copy();
      case "debug" -> new Debug();
      case "scale" -> new Scale();
      case "rollout" -> rollout(child);
      case "set" -> child.equals("image") ? new SetImage() : null;
      case "label" -> new LabelVerb("labels");
      case "annotate" -> new LabelVerb("annotations");
      case "patch" -> new Patch();
      case "replace" -> new Replace();
      case "run" -> new Run();
      case "expose" -> new Expose();
      case "autoscale" -> new Autoscale();
      case "cordon" -> new Cordon(true);
      case "uncordon" -> new Cordon(false);
      case "drain" -> new Drain();
      case "taint" -> new Taint();
      case "top" -> child.isEmpty() ? null : new Top(child.startsWith("no"));
      case "api-resources" -> new ApiResources();
      case "api-versions" -> new ApiVersions();
      case "explain" -> new Explain();
      case "version" -> new Version();
      case "wait" -> new Wait();
      case "config" -> ConfigVerb.find(child);
      case "cluster-info" -> new ClusterInfo();
      case "auth" ->
          child.equals("can-i") ? new CanI() : child.equals("whoami") ? new WhoAmI() : null;
      case "completion" -> new Completion(child);
      case "diff" -> new Diff();
      case "gpu" -> gpu(child);
      case "events" -> new Events();
      case "options" -> new Options();
      default -> null;
    };
  }

  private static @Nullable Verb gpu(String child) {
    return switch (child) {
      case "submit" -> new GpuSubmit();
      case "logs" -> new GpuLogs();
      case "cancel" -> new GpuCancel();
      case "results" -> new GpuResults();
      case "script" -> new GpuScript();
      default -> null;
    };
  }

  private static @Nullable Verb rollout(String child) {
    return switch (child) {
      case "status" -> new RolloutStatus();
      case "history" -> new RolloutHistory();
      case "undo" -> new RolloutUndo();
      case "restart", "pause", "resume" -> new RolloutChange(child);
      default -> null;
    };
  }
}
