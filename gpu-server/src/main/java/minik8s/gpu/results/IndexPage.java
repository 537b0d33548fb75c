package minik8s.gpu.results;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import minik8s.gpu.GpuJob;
import org.jspecify.annotations.Nullable;

/**
 * The page that people open: how a job went, and its files. Pure. Every text is escaped; the page
 * needs no script and nothing from elsewhere.
 */
public final class IndexPage {
  private static final String STYLE =
      "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
          + "h1{font-size:1.5rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .8rem .35rem 0;"
          + "border-bottom:1px solid #ddd;vertical-align:top}td.n,th.n{text-align:right;white-space:nowrap}"
          + "pre{background:#f5f5f5;padding:.8rem;overflow:auto;white-space:pre-wrap}.Succeeded{color:#176f2c}"
          + ".Failed,.Cancelled{color:#a4161a}a{color:#0b57d0}"
          + "@media(prefers-color-scheme:dark){body{background:#121212;color:#e6e6e6}pre{background:#1e1e1e}td,th{border-color:#333}"
          + "a{color:#8ab4f8}.Succeeded{color:#7bd88f}.Failed,.Cancelled{color:#ff8a80}}";

  private IndexPage() {}

  /**
   * The page of one job.
   *
   * @param files what lies beside it
   */
  public static String of(GpuJob job, GpuJob.Status status, List<GpuJob.ResultFile> files) {
    StringBuilder page = new StringBuilder();
    String title = job.metadata().namespace() + "/" + job.metadata().name();
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    if (!status.current().terminal()) {
      page.append("<meta http-equiv=\"refresh\" content=\"10\">");
    }
    page.append("<title>")
        .append(escaped(title))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(escaped(title))
        .append("</h1>\n<table>\n");
    String phase = status.current().name();
    page.append("<tr><th>State</th><td class=\"")
        .append(phase)
        .append("\"><b>")
        .append(phase)
        .append("</b>")
        .append(status.slurmState().isEmpty() ? "" : " (" + escaped(status.slurmState()) + ")")
        .append("</td></tr>\n");
    row(page, "What happened", status.message());
    row(page, "What to do", status.advice());
    row(page, "Exit code", number(status.exitCode()));
    row(page, "Signal", number(status.signal()));
    row(
        page,
        "Slurm job",
        status.jobId().isEmpty() ? "" : status.jobId() + " on " + job.spec().clusterName());
    row(page, "Nodes", status.nodes());
    row(page, "Submitted", time(status.submitTime()));
    row(page, "Started", time(status.startTime()));
    row(page, "Ended", time(status.completionTime()));
    row(page, "In the queue", status.queueTime());
    row(page, "Ran", status.runTime());
    GpuJob.Tasks tasks = status.tasks();
    if (tasks != null) {
      row(
          page,
          "Tasks",
          "%d: %d succeeded, %d failed, %d running, %d waiting"
              .formatted(
                  tasks.total(),
                  tasks.succeeded(),
                  tasks.failed(),
                  tasks.running(),
                  tasks.pending()));
    }
    page.append("</table>\n");
    files(page, files);
    tail(page, "End of the output", status.outputTail());
    tail(page, "End of the error output", status.errorTail());
    return page.append("</body></html>\n").toString();
  }

  private static void files(StringBuilder page, List<GpuJob.ResultFile> files) {
    page.append("<h2>Files</h2>\n");
    if (files.isEmpty()) {
      page.append("<p>None yet.</p>\n");
      return;
    }
    page.append("<table><tr><th>Name</th><th class=\"n\">Size</th></tr>\n");
    for (GpuJob.ResultFile file : files) {
      page.append("<tr><td><a href=\"")
          .append(link(file.path()))
          .append("\">")
          .append(escaped(file.path()))
          .append("</a></td><td class=\"n\">")
          .append(size(file.size()))
          .append("</td></tr>\n");
    }
    page.append("</table>\n");
  }

  private static void row(StringBuilder page, String name, String value) {
    if (!value.isEmpty()) {
      page.append("<tr><th>")
          .append(name)
          .append("</th><td>")
          .append(escaped(value))
          .append("</td></tr>\n");
    }
  }

  private static void tail(StringBuilder page, String title, String text) {
    if (!text.isBlank()) {
      page.append("<h2>")
          .append(title)
          .append("</h2>\n<pre>")
          .append(escaped(text))
          .append("</pre>\n");
    }
  }

  private static String number(@Nullable Integer value) {
    return value == null ? "" : value.toString();
  }

  private static String time(@Nullable Instant value) {
    return value == null ? "" : value.toString().replace('T', ' ').replace("Z", " UTC");
  }

  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double amount = bytes;
    String[] units = {"KiB", "MiB", "GiB", "TiB"};
    int unit = -1;
    while (amount >= 1024 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
  }

  /** A path as a relative link: every byte but the harmless ones in percent form. */
  private static String link(String path) {
    StringBuilder link = new StringBuilder("./");
    for (byte b : path.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~/".indexOf(c) >= 0);
      link.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return link.toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
