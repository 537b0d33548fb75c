package minik8s.kubectl.output;

/** Gives words a colour for a terminal. Stateless. */
@FunctionalInterface
public interface Tint {
  /** No colour at all. */
  Tint NONE = cell -> cell;

  /** Green for well, yellow for on its way, red for broken. */
  Tint STATUS = Tint::status;

  /** The cell with its colour, or as it was. */
  String apply(String cell);

  private static String status(String cell) {
    String colour =
        switch (cell) {
          case "Running", "Ready", "Active", "Bound", "True" -> "\u001b[32m";
          case "Completed", "Succeeded", "Complete" -> "\u001b[2m";
          case "Pending", "ContainerCreating", "PodInitializing", "Terminating", "Warning" ->
              "\u001b[33m";
          case "Error",
              "Failed",
              "CrashLoopBackOff",
              "ImagePullBackOff",
              "ErrImagePull",
              "NotReady" ->
              "\u001b[31m";
          case "OOMKilled", "Evicted", "CreateContainerConfigError", "Unknown", "Lost" ->
              "\u001b[31m";
          default -> cell.startsWith("Init:") ? "\u001b[33m" : "";
        };
    return colour.isEmpty() ? cell : colour + cell + "\u001b[0m";
  }
}
