package minik8s.kubectl.command;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.WebFile;
import minik8s.kubectl.document.Tree;

/**
 * {@code kubectl gpu logs}: what a job has written, from where its results are served; from its
 * status, which holds the last lines only, where that address cannot be reached.
 */
final class GpuLogs implements Verb {
  @Override
  public void flags(Flags flags) {
    flags
        .bool("-f --follow", "Go on until the job has ended.")
        .bool("--error", "Print the error output instead of the output.")
        .text("--task", "", "Task of an array whose output to print; the first when absent.");
  }

  @Override
  public Help help() {
    return new Help(
        "Print the output of a GPU job, as far as it has come.",
        "# Follow a job until it ends\nkubectl gpu logs -f matrix-add",
        "gpu logs [-f] NAME [--error] [--task N]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    String name = GpuJobs.name(arguments, "logs");
    if (!arguments.text("--task").isEmpty()) {
      arguments.number("--task");
    }
    Copy copy = new Copy(session, arguments);
    if (!arguments.bool("--follow")) {
      copy.more(session.server().get(GpuJobs.TYPE.path(session.namespace(), name)), true);
      return 0;
    }
    new Until(session, GpuJobs.TYPE, session.namespace(), name, Duration.ZERO)
        .run((event, job) -> {
          if (event.equals("ABSENT")) {
            throw new KubectlException(
                "Error from server (NotFound): gpujobs.gpu.minik8s.io \"" + name + "\" not found");
          }
          boolean last = event.equals("DELETED") || GpuJobs.ended(job);
          copy.more(job, last);
          return last;
        });
    return 0;
  }

  /** How far the output has been printed. Confined to one thread. */
  private static final class Copy {
    private final Session session;
    private final boolean error;
    private final String task;
    private long printed;
    private int attempt;

    Copy(Session session, Arguments arguments) {
      this.session = session;
      this.error = arguments.bool("--error");
      this.task = arguments.text("--task");
    }

    /** Prints what is new; each change of the job is an occasion to look. */
    void more(Map<String, Object> job, boolean last) {
      int now = (int) Tree.number(job, 1, "status", "attempt");
      if (attempt != 0 && now != attempt) {
        session.complain("attempt " + now + " of " + Tree.text(job, "metadata", "name") + ":");
        printed = 0;
      }
      attempt = now;
      String url = Tree.text(job, "status", "resultsURL");
      String path = GpuJobs.output(job, error, task);
      if (url.isEmpty() || path.isEmpty()) {
        if (last) {
          explain(job);
        }
        return;
      }
      try {
        printed += WebFile.below(url, path).copy(printed, session.streams().out());
        session.streams().out().flush();
        if (last && printed == 0) {
          explain(job);
        }
      } catch (IOException e) {
        if (last) {
          session.complain(
              "The results at "
                  + url
                  + " cannot be reached ("
                  + e.getMessage()
                  + "). From status:");
          explain(job);
        }
      }
    }

    private void explain(Map<String, Object> job) {
      String tail = Tree.text(job, "status", error ? "errorTail" : "outputTail");
      if (!tail.isEmpty()) {
        session.streams().out().append(tail).append(tail.endsWith("\n") ? "" : "\n");
        return;
      }
      String phase = Tree.text(job, "status", "phase");
      String message = Tree.text(job, "status", "message");
      session.complain(
          "No output yet: "
              + (phase.isEmpty() ? "Pending" : phase)
              + (message.isEmpty() ? "" : ", " + message));
    }
  }
}
